import { GIVES_AWAY } from '../../../contract'
import type {
  ProtocolInfo,
  ProtocolState,
  ReaderBlinding,
  ReadingTask as ContractTask
} from '../../../contract'
import type { Diagnosis } from '../../domain'
import { NeoGateError } from '../../foundation'
import { estimateShare, mixRandom, type QueueReason } from '../../review-queue'
import type { GivenTask, Protocol } from '../../review-store'
import { blindingOf, FIGURES, hiddenKinds, hidesOf, NOTHING } from '../blinding'
import type { CoreContext } from '../core-context'
import type { Services } from '../services'
import { adjudicationOf, consensusByFilm, queueOf, readFacts } from './facts'
import { requireRole, rolesOf } from './roles'
import { labelFromReading, takeConsensus } from './take-labels'

export function createProtocolsService(core: CoreContext): Services['protocols'] {
  const nameOf = (reader: string | null) => reader ?? core.settings.get().readerName

  /** Says that a reading was begun, made or given up; and where that hides or shows films, which. */
  async function following<Result>(filmIds: string[] | null, work: () => Promise<Result>): Promise<Result> {
    const { changes } = core.project()
    const before = await blindingOf(core)
    const result = await work()
    changes.publish(['review'], filmIds ?? undefined)
    const after = await blindingOf(core)
    if (after.key === before.key) return result
    const turned = [...new Set([...before.films.keys(), ...after.films.keys()])].filter(
      id => JSON.stringify(before.films.get(id)) !== JSON.stringify(after.films.get(id))
    )
    changes.publish(['review', 'films'], turned)
    // Figures over all films come or go with the first and the last film that is hidden.
    if (hiddenKinds(before.anywhere).join() !== hiddenKinds(after.anywhere).join())
      changes.publish(FIGURES, [])
    return result
  }

  return {
    list: async () => (await core.project().review.protocols()).map(toInfo),

    get: async ({ protocol }) => stateOf(core, await core.project().review.protocol(protocol)),

    async make({ name, films: count, seed, ...settings }) {
      const { review } = core.project()
      const createdBy = nameOf(null)
      await requireRole(core, createdBy, 'curator', 'admin')
      if (settings.labelsAtOnce && readersOfFilm(settings.assignment) !== 1) throw severalReaders()
      const facts = await readFacts(core.project(), createdBy, core.clock.now())
      const queue = queueOf(settings.queue, facts)
      const labels = new Map(facts.films.map(({ id, label }) => [id, label]))
      // A random audit is nothing but its sample.
      const share = settings.queue === 'random-audit' ? 1 : settings.randomShare
      const mixed = mixRandom(queue, facts.films, { share, count, seed })
      const made = {
        name,
        createdBy,
        seed,
        settings: { ...settings, randomShare: share, randomFrom: facts.films.length },
        films: mixed.map(({ film, random }) => ({
          ...film,
          random,
          label: labels.get(film.filmId) ?? null
        }))
      }
      return toInfo(await following(null, () => review.makeProtocol(made)))
    },

    async close({ protocol }) {
      const { review } = core.project()
      await requireRole(core, nameOf(null), 'curator', 'admin')
      const { id } = await review.protocol(protocol)
      return toInfo(await following(null, () => review.closeProtocol(id)))
    },

    async next({ protocol: name, kind, reader: asked }) {
      const { review } = core.project()
      const reader = nameOf(asked)
      const protocol = await review.protocol(name)
      let task: GivenTask | null
      if (kind === 'adjudication') {
        await requireRole(core, reader, 'adjudicator')
        const waiting = adjudicationOf(protocol, await review.readings(protocol.id))
        const filmIds = waiting.map(({ filmId }) => filmId)
        task = await following([], () => review.claimAdjudication(protocol, reader, filmIds))
      } else {
        await requireRole(core, reader, 'reader', 'adjudicator')
        task = await following([], () => review.claimNext(protocol, reader))
      }
      return task && describeTask(core, protocol, task)
    },

    async commit({ taskId, answer, reader: asked }) {
      const { review } = core.project()
      const reader = nameOf(asked)
      const task = await review.task(taskId)
      const protocol = await review.protocol(task.protocolId)
      const { commentWhenUnsure, labelsAtOnce, revealAfterCommit } = protocol.settings
      if (commentWhenUnsure && answer.certainty === 'unsure' && answer.comment.trim() === '') {
        throw commentRequired()
      }
      if (task.pass === 'adjudication' && answer.reasonCodes.length === 0) throw reasonRequired()
      const knowing = await hasLooked(core, protocol, reader)
      const hidden = knowing ? NOTHING : hidesOf(protocol, task.pass)
      const reading = await following([task.filmId], () =>
        review.commit(taskId, reader, answer, hidden, knowing)
      )
      if (labelsAtOnce && task.pass !== 'repeat') await labelFromReading(core, protocol, reading)
      const film = (await review.protocolFilms(protocol.id)).find(({ filmId }) => filmId === task.filmId)
      return {
        seq: reading.seq,
        reveal: revealAfterCommit,
        reasons: revealAfterCommit ? ((film?.reasons ?? []) as QueueReason[]) : []
      }
    },

    async release({ taskId, reader }) {
      await following([], () => core.project().review.release(taskId, nameOf(reader)))
      return null
    },

    blinding: () => blindingFor(core),

    async unblind({ protocol: name, reason }) {
      const { review, labels, changes } = core.project()
      const reader = nameOf(null)
      await requireRole(core, reader, ...MAY_UNBLIND)
      const protocol = await review.protocol(name)
      const { protocols } = await blindingOf(core)
      const blinding = protocols.find(({ id }) => id === protocol.id)
      if (!blinding) throw notBlinded(protocol)
      const state = { protocol: protocol.name, hides: blinding.hides }
      await labels.unblind({ protocolId: protocol.id, reader, reason, state })
      changes.publish(['review', 'films', 'labels', ...FIGURES])
      return blindingFor(core)
    },

    async consensus({ protocol: name }) {
      const { review, studies } = core.project()
      const protocol = await review.protocol(name)
      const films = await review.protocolFilms(protocol.id)
      const found = consensusByFilm(protocol, await review.readings(protocol.id))
      const rows = await studies.rows(films.map(({ filmId }) => filmId))
      return films.map(({ filmId, random }, i) => ({
        filmId,
        random,
        label: rows[i]!.label as Diagnosis | null,
        ...(found.get(filmId) ?? { diagnosis: null, by: 'open' as const, readings: 0 })
      }))
    },

    async takeConsensus({ protocol, reason }) {
      await requireRole(core, nameOf(null), 'curator', 'admin')
      return takeConsensus(core, await core.project().review.protocol(protocol), reason)
    }
  }
}

/** `randomFrom` is the store's own; the contract does not show it. */
function toInfo(protocol: Protocol): ProtocolInfo {
  const { randomFrom: _, queue, ...settings } = protocol.settings
  return { ...protocol, settings: { ...settings, queue: queue as ProtocolInfo['settings']['queue'] } }
}

function readersOfFilm(assignment: ProtocolInfo['settings']['assignment']): number {
  return assignment.kind === 'some' ? assignment.readers : assignment.kind === 'by-site' ? 1 : Infinity
}

/** Who may look at what a protocol hides from them, on record. */
const MAY_UNBLIND = ['curator', 'admin'] as const

/** A reader who has looked at what the protocol hides: nothing more can be hidden from them. */
async function hasLooked(core: CoreContext, protocol: Protocol, reader: string): Promise<boolean> {
  return (await core.project().labels.unblindedBy(reader, [protocol.id])).has(protocol.id)
}

async function describeTask(core: CoreContext, protocol: Protocol, task: GivenTask): Promise<ContractTask> {
  const { review } = core.project()
  const { settings } = protocol
  const films = await review.protocolFilms(protocol.id)
  const looked = await hasLooked(core, protocol, task.reader)
  const hides = looked ? NOTHING : hidesOf(protocol, task.pass)
  const own = (await review.readings(protocol.id)).filter(({ reader }) => reader === task.reader)
  const first = new Set(own.filter(({ pass }) => pass === 'first').map(({ filmId }) => filmId))
  const unread = films.filter(({ filmId }) => !first.has(filmId) && filmId !== task.filmId)
  const all = (films.find(({ filmId }) => filmId === task.filmId)?.reasons ?? []) as QueueReason[]
  const told = all.filter(({ kind }) => {
    const what = GIVES_AWAY[kind]
    return what === 'nothing' || !hides[what]
  })
  const isAdjudication = task.pass === 'adjudication'
  return {
    id: task.id,
    protocolId: protocol.id,
    protocolName: protocol.name,
    filmId: task.filmId,
    kind: isAdjudication ? 'adjudication' : 'reading',
    reader: task.reader,
    again: task.again,
    hides,
    reasons: told,
    withheld: told.length < all.length,
    commentWhenUnsure: settings.commentWhenUnsure,
    revealAfterCommit: settings.revealAfterCommit,
    done: isAdjudication ? own.filter(({ pass }) => pass === 'adjudication').length : first.size,
    left: isAdjudication
      ? adjudicationOf(protocol, await review.readings(protocol.id)).length
      : unread.length + (first.has(task.filmId) ? 0 : 1),
    ahead: isAdjudication ? [] : unread.slice(0, 2).map(({ filmId }) => filmId)
  }
}

async function blindingFor(core: CoreContext): Promise<ReaderBlinding> {
  const { reader, anywhere, films, protocols } = await blindingOf(core)
  const roles = await rolesOf(core, reader)
  const mayUnblind = MAY_UNBLIND.some(role => roles.includes(role))
  return { reader, hides: hiddenKinds(anywhere), films: films.size, protocols, mayUnblind }
}

/** Of a protocol that blinds whoever asks: how far they are themselves. */
async function ownStateOf(core: CoreContext, protocol: Protocol, reader: string): Promise<ProtocolState> {
  const progress = (await core.project().review.progress(protocol.id)).filter(each => each.reader === reader)
  return {
    protocol: toInfo(protocol),
    withheld: true,
    progress: progress.map(({ holding, ...own }) => ({ ...own, holding: holding !== null })),
    consensus: null,
    forAdjudication: null,
    differing: null,
    labelAccuracy: null
  }
}

async function stateOf(core: CoreContext, protocol: Protocol): Promise<ProtocolState> {
  const { review, studies } = core.project()
  const { protocols, reader } = await blindingOf(core)
  if (protocols.some(({ id }) => id === protocol.id)) return ownStateOf(core, protocol, reader)
  const readings = await review.readings(protocol.id)
  const films = await review.protocolFilms(protocol.id)
  const found = consensusByFilm(protocol, readings)
  const rows = await studies.rows(films.map(({ filmId }) => filmId))
  const consensus = { open: 0, unanimous: 0, majority: 0, adjudication: 0, none: 0 }
  let differing = 0
  let sampled = 0
  let agreeing = 0
  films.forEach(({ filmId, random, label }, i) => {
    const { by, diagnosis } = found.get(filmId) ?? { by: 'open' as const, diagnosis: null }
    consensus[by]++
    if (diagnosis !== null && diagnosis !== rows[i]!.label) differing++
    // Judged by the label that stood when the sample was drawn: later corrections must not make it look better.
    if (random && diagnosis !== null && label !== null) {
      sampled++
      if (diagnosis === label) agreeing++
    }
  })
  return {
    protocol: toInfo(protocol),
    withheld: false,
    progress: (await review.progress(protocol.id)).map(({ holding, ...progress }) => ({
      ...progress,
      holding: holding !== null
    })),
    consensus,
    forAdjudication: adjudicationOf(protocol, readings).length,
    differing,
    labelAccuracy: estimateShare(agreeing, sampled, protocol.settings.randomFrom)
  }
}

function notBlinded({ name }: Protocol): NeoGateError {
  return new NeoGateError('CONFLICT', `The protocol '${name}' hides nothing from you.`, {
    field: 'protocol',
    reason: 'not-blinded'
  })
}

function commentRequired(): NeoGateError {
  return new NeoGateError('INVALID_INPUT', 'An unsure reading needs a comment under this protocol.', {
    field: 'comment',
    reason: 'comment-required',
    remedy: 'Say in a few words what makes the film difficult.'
  })
}

function reasonRequired(): NeoGateError {
  return new NeoGateError('INVALID_INPUT', 'An adjudication names why the readers may have differed.', {
    field: 'reasonCodes',
    reason: 'reason-required',
    remedy: 'Choose at least one reason.'
  })
}

function severalReaders(): NeoGateError {
  return new NeoGateError(
    'INVALID_INPUT',
    'Answers can become labels at once only where one reader reads each film.',
    {
      field: 'labelsAtOnce',
      remedy: 'Let one reader read each film, or take the consensus over when all have read.'
    }
  )
}
