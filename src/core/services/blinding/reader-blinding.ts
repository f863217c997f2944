import type { BlindingProtocol, BlindTo, ProjectChange, Telling } from '../../../contract'
import { inBatches, type Database } from '../../database'
import type { Hidden, Protocol, ReaderPart, ReadingPass } from '../../review-store'
import type { CoreContext, ProjectSession } from '../core-context'

/** What is hidden from one reader, as the database says: the same in every window, in the terminal and after a restart. */
export interface Blinding {
  reader: string
  /** Stands for all of it: the same key, the same blinding. */
  key: string
  /** Over all films. */
  anywhere: Hidden
  protocols: BlindingProtocol[]
  /** Films of which something is hidden. */
  films: ReadonlyMap<string, Hidden>
  /** The same of infants, whose GA, BW and sex all their films share. */
  infants: ReadonlyMap<string, Hidden>
  /** Films in the reader's hands, and since when: what the reader has done to one since then is theirs to see. */
  inHand: ReadonlyMap<string, string>
  /** Films that wait for the reader's answer under a protocol. */
  waiting: ReadonlyMap<string, string>
}

/** What screens ask for again where blinding begins or ends, beside films. */
export const FIGURES: ProjectChange['areas'] = ['models', 'evaluations', 'experiments']

export const NOTHING: Hidden = { model: false, others: false, own: false, context: false }
const KINDS = Object.keys(NOTHING) as BlindTo[]

export const hiddenKinds = (hides: Hidden): BlindTo[] => KINDS.filter(kind => hides[kind])
export const tells = (what: Telling | undefined, hides: Hidden) => what?.some(kind => hides[kind]) ?? false
export const isBlinded = ({ anywhere }: Blinding) => hiddenKinds(anywhere).length > 0
export const hidesOfFilm = ({ films }: Blinding, filmId: string): Hidden => films.get(filmId) ?? NOTHING

const union = (a: Hidden, b: Hidden): Hidden => ({
  model: a.model || b.model,
  others: a.others || b.others,
  own: a.own || b.own,
  context: a.context || b.context
})

/** Own answers are always hidden: a film that comes a second time must look like one that comes first. */
export function hidesOf({ settings }: Pick<Protocol, 'settings'>, pass: ReadingPass): Hidden {
  const adjudication = { model: true, others: true }
  return { ...settings.hides, own: true, ...(pass === 'adjudication' ? adjudication : {}) }
}

/**
 * What one protocol hides of its films from a reader who takes part in it, while something of it is still to be read: of films to be
 * read, and of films read where they are not revealed. Empty once the reader is through. See docs/decisions/0018.
 */
export function hiddenFilms(protocol: Protocol, part: ReaderPart): Map<string, Hidden> {
  const { pending, committed, inHand, repeatsLeft } = part
  const hidden = new Map<string, Hidden>()
  const isThrough =
    pending.length === 0 && repeatsLeft === 0 && !inHand.some(({ pass }) => pass !== 'adjudication')
  if (!isThrough) {
    const first = hidesOf(protocol, 'first')
    for (const filmId of pending) hidden.set(filmId, first)
    // The reader's own answer is known until the film may come a second time.
    const read = { ...first, own: protocol.settings.repeatShare > 0 }
    if (!protocol.settings.revealAfterCommit) for (const filmId of committed) hidden.set(filmId, read)
  }
  for (const { filmId, pass } of inHand)
    hidden.set(filmId, union(hidden.get(filmId) ?? NOTHING, hidesOf(protocol, pass)))
  return hidden
}

/** Labels, predictions and the like change what is known of films, but neither which there are nor who is to read them. */
const concernsReading = (areas: ProjectChange['areas']) =>
  areas.includes('review') || areas.every(area => area === 'films')

interface Kept {
  version: number
  reader: string
  blinding: Promise<Blinding>
}

const kept = new WeakMap<ProjectSession, Kept>()

/** @throws NeoGateError NO_PROJECT */
export function blindingOf(core: Pick<CoreContext, 'project' | 'settings'>): Promise<Blinding> {
  const session = core.project()
  const reader = core.settings.get().readerName
  const version = session.changes.version(concernsReading)
  const before = kept.get(session)
  if (before?.version === version && before.reader === reader) return before.blinding
  const blinding = readBlinding(session, reader)
  kept.set(session, { version, reader, blinding })
  blinding.catch(() => kept.delete(session))
  return blinding
}

async function readBlinding(session: ProjectSession, reader: string): Promise<Blinding> {
  const { review, labels, database } = session
  const open = (await review.protocols()).filter(({ closedAt }) => closedAt === null)
  const looked = await labels.unblindedBy(
    reader,
    open.map(({ id }) => id)
  )
  const films = new Map<string, Hidden>()
  const revealed = new Set<string>()
  const inHand = new Map<string, string>()
  const waiting = new Map<string, string>()
  const protocols: BlindingProtocol[] = []
  for (const protocol of open) {
    if (looked.has(protocol.id)) continue
    const part = await review.part(protocol, reader)
    if (!part) continue
    const hidden = hiddenFilms(protocol, part)
    if (hidden.size === 0) continue
    let all = NOTHING
    for (const [filmId, hides] of hidden) {
      films.set(filmId, union(films.get(filmId) ?? NOTHING, hides))
      all = union(all, hides)
    }
    if (protocol.settings.revealAfterCommit) for (const filmId of part.committed) revealed.add(filmId)
    for (const { filmId, claimedAt } of part.inHand) inHand.set(filmId, claimedAt)
    for (const filmId of [...part.pending, ...part.inHand.map(task => task.filmId)])
      waiting.set(filmId, protocol.name)
    const { id, name } = protocol
    protocols.push({ id, name, hides: hiddenKinds(all), left: part.pending.length })
  }
  const infants = await addSiblings(database.kysely, films, revealed)
  const anywhere = [...films.values()].reduce(union, NOTHING)
  const held = [...films].map(([id, hides]) => `${id}${hiddenKinds(hides).join()}`)
  const key = `${reader}/${held.sort().join(';')}`
  return { reader, key, anywhere, protocols, films, infants, inHand, waiting }
}

/**
 * An infant's other films tell much of the one that is to be read: of them is hidden what is hidden of it, except the reader's own
 * answers, and except films that the protocol has revealed.
 */
async function addSiblings(
  db: Database,
  films: Map<string, Hidden>,
  revealed: ReadonlySet<string>
): Promise<Map<string, Hidden>> {
  const infants = new Map<string, Hidden>()
  for (const batch of inBatches([...films.keys()])) {
    const rows = await db.selectFrom('film').select(['id', 'patient_id']).where('id', 'in', batch).execute()
    for (const { id, patient_id } of rows)
      infants.set(patient_id, union(infants.get(patient_id) ?? NOTHING, films.get(id)!))
  }
  for (const batch of inBatches([...infants.keys()])) {
    const rows = await db
      .selectFrom('film')
      .select(['id', 'patient_id'])
      .where('patient_id', 'in', batch)
      .execute()
    for (const { id, patient_id } of rows) {
      if (films.has(id) || revealed.has(id)) continue
      const hides = { ...infants.get(patient_id)!, own: false }
      if (hiddenKinds(hides).length > 0) films.set(id, hides)
    }
  }
  return infants
}
