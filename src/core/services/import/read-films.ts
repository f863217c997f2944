import type { Refusal } from '../../domain'
import { contentId, type ChildPool } from '../../foundation'
import { isDocumentFile } from '../../study-folder'
import { patientIdOf, type FilmRegistration, type RegistrationOutcome } from '../../study-store'
import type { TableRow } from '../../tables'
import type { ProjectSession } from '../core-context'
import type { CandidateFile } from './collect-files'
import type { FilmIdentity, Identity } from './film-identity'
import { toRegistration, usablePatientId } from './film-registration'
import type { ImportTable } from './import-table'
import { indexFilms } from './index-films'
import type { IndexResult } from '../film-worker'
import type { ReportItem } from './import-report'

export interface ReadFilmsSettings {
  pool: ChildPool
  session: ProjectSession
  /** Absolute study folder. */
  root: string
  table: ImportTable | null
  ambiguousKeys: ReadonlySet<string>
  defaultSite: string | null
  dryRun: boolean
  identity: FilmIdentity
  /** When the job was first started; a film added since then is new, even if an interrupted run has added it. */
  startedAt: string
  signal: AbortSignal
}

export interface ReadBatch {
  items: ReportItem[]
  registrations: FilmRegistration[]
}

type Indexed = Extract<IndexResult, { fingerprint: string }>
interface Film {
  file: CandidateFile
  result: Indexed
  id: string
  path: string
  absolute: string
  fingerprint: string
}

const isRefused = (result: IndexResult): result is Extract<IndexResult, { refusal: unknown }> =>
  'refusal' in result

/** A document among the images, by its name and by what is in it. */
function isDocument(path: string, { reason }: Refusal): boolean {
  return isDocumentFile(path) && (reason === 'not-a-film' || reason === 'empty')
}

const passedOver = (path: string): ReportItem => ({
  path,
  outcome: 'passed-over',
  reason: null,
  detail: 'A document, not an image.',
  field: null,
  line: null,
  filmId: null,
  patientId: null
})

function rowFor(
  { table, ambiguousKeys, defaultSite }: ReadFilmsSettings,
  file: CandidateFile,
  film: Indexed | null
) {
  if (!table) return null
  const key = table.index.keyOfPath(file.path)
  if (key !== null && ambiguousKeys.has(key)) {
    // The row is found, to be reported with its films, and gives them nothing.
    return {
      row: table.index.rowOf({ path: file.path, sopInstanceUid: null }, null, null),
      takeValues: false
    }
  }
  const header = film?.header ?? null
  const row = table.index.rowOf(
    { path: file.path, sopInstanceUid: header?.sopInstanceUid ?? null },
    header ? (usablePatientId(header) ?? folderKey(file.path)) : null,
    header?.institution?.trim() || defaultSite
  )
  return { row, takeValues: true }
}

/** Tables of infants may name them as their folders are named. */
function folderKey(path: string): string | null {
  return path.split('/').at(-2) ?? null
}

function outcomeReason(identity: Identity, outcome: RegistrationOutcome) {
  return outcome === 'changed' && identity.kind === 'moved'
    ? { reason: 'moved', detail: `It was at ${identity.from}.` }
    : { reason: null, detail: null }
}

/** Films of this batch that an interrupted run of the same job has added. */
async function addedSince(session: ProjectSession, ids: string[], startedAt: string): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const rows = await session.database.kysely
    .selectFrom('film')
    .select('id')
    .where('id', 'in', ids)
    .where('added_at', '>=', startedAt)
    .execute()
  return new Set(rows.map(row => row.id))
}

async function readBatch(
  settings: ReadFilmsSettings,
  batch: { file: CandidateFile; result: IndexResult }[]
): Promise<ReadBatch> {
  const { session, root, identity, dryRun } = settings
  const items: ReportItem[] = []
  const films: Film[] = []
  for (const { file, result } of batch) {
    if (isRefused(result)) {
      if (isDocument(file.path, result.refusal)) {
        items.push(passedOver(file.path))
        continue
      }
      const { reason, detail, field = null } = result.refusal
      const line = rowFor(settings, file, null)?.row?.line ?? null
      items.push({
        path: file.path,
        outcome: 'refused',
        reason,
        detail,
        field,
        line,
        filmId: null,
        patientId: null
      })
    } else {
      const { fingerprint } = result
      const id = contentId('film', fingerprint)
      films.push({ file, result, id, path: file.path, absolute: file.absolute, fingerprint })
    }
  }

  const identities = await identity.identify(films)
  const accepted: { film: Film; identity: Identity; row: TableRow | null; registration: FilmRegistration }[] =
    []
  for (const [index, film] of films.entries()) {
    const found = identities[index]!
    const match = rowFor(settings, film.file, film.result)
    if (found.kind === 'duplicate') {
      items.push({
        path: film.path,
        outcome: 'refused',
        reason: 'duplicate',
        detail: `The same film as ${found.of}.`,
        field: null,
        line: match?.row?.line ?? null,
        filmId: null,
        patientId: null
      })
      continue
    }
    const registration = toRegistration({
      ...film.result,
      id: film.id,
      root,
      found: film.file,
      filmsInFolder: film.file.filmsInFolder,
      defaultSite: settings.defaultSite,
      row: match?.takeValues ? match.row : null
    })
    accepted.push({ film, identity: found, row: match?.row ?? null, registration })
  }

  const registrations = accepted.map(({ registration }) => registration)
  const outcomes = dryRun
    ? await session.studies.rehearseFilms(registrations)
    : await session.studies.registerFilms(registrations)
  const unchanged = accepted.flatMap(({ film }, index) => (outcomes[index] === 'unchanged' ? [film.id] : []))
  const addedBefore = dryRun ? new Set<string>() : await addedSince(session, unchanged, settings.startedAt)
  for (const [index, { film, identity: found, row, registration }] of accepted.entries()) {
    const outcome = addedBefore.has(film.id) ? 'new' : outcomes[index]!
    items.push({
      path: film.path,
      outcome,
      ...outcomeReason(found, outcome),
      field: null,
      line: row?.line ?? null,
      filmId: film.id,
      patientId: patientIdOf(registration.site, registration.patientKey)
    })
  }
  return { items, registrations }
}

/** Reads and registers files batch by batch, in the order given. Each batch is registered when it is yielded. */
export async function* readFilms(
  settings: ReadFilmsSettings,
  files: readonly CandidateFile[]
): AsyncGenerator<ReadBatch> {
  for await (const batch of indexFilms(settings.pool, files, settings.signal)) {
    settings.signal.throwIfAborted()
    yield await readBatch(settings, batch)
  }
}
