import { GIVES_AWAY } from '../../../contract'
import type { ProtocolInfo, ProtocolState, ReadingTask as ContractTask } from '../../../contract'
import type { Diagnosis } from '../../domain'
import { NeoGateError } from '../../foundation'
import { estimateShare, mixRandom, type QueueReason } from '../../review-queue'
import type { Hidden, Protocol, ReadingTask } from '../../review-store'
import type { CoreContext } from '../core-context'
import type { Services } from '../services'
import { adjudicationOf, consensusByFilm, queueOf, readFacts } from './facts'
import { requireRole } from './roles'
import { labelFromReading, takeConsensus } from './take-labels'

export function createProtocolsService(core: CoreContext): Services['protocols'] {
  const nameOf = (reader: string | null) => reader ?? core.settings.get().readerName

  return {
    list: async () => (await core.project().review.protocols()).map(toInfo),

    get: async ({ protocol }) => stateOf(core, await core.project().review.protocol(protocol)),

    async make({ name, films: count, seed, ...settings }) {
      const { review, changes } = core.project()
      const createdBy = nameOf(null)
      await requireRole(core, createdBy, 'curator', 'admin')
      if (settings.labelsAtOnce && readersOfFilm(settings.assignment) !== 1) throw severalReaders()
      const facts = await readFacts(core.project(), createdBy, core.clock.now())
      const queue = queueOf(settings.queue, facts)
      const labels = new Map(facts.films.map(({ id, label }) => [id, label]))
      // A random audit is nothing but its sample.
      const share = settings.queue === 'random-audit' ? 1 : settings.randomShare
      const mixed = mixRandom(queue, facts.films, { share, count, seed })
      const protocol = await review.makeProtocol({
        name,
        createdBy,
        seed,
        settings: { ...settings, randomShare: share, randomFrom: facts.films.length },
        films: mixed.map(({ film, random }) => ({
          ...film,
          random,
          label: labels.get(film.filmId) ?? null
        }))
      })
      changes.publish(['review'])
      return toInfo(protocol)
    },

    async close({ protocol }) {
      const { review, changes } = core.project()
      await requireRole(core, nameOf(null), 'curator', 'admin')
      const closed = await review.closeProtocol((await review.protocol(protocol)).id)
      changes.publish(['review'])
      return toInfo(closed)
    },

    async next({ protocol: name, kind, reader: asked }) {
      const { review, changes } = core.project()
      const reader = nameOf(asked)
      const protocol = await review.protocol(name)
      let task: ReadingTask | null
      if (kind === 'adjudication') {
        await requireRole(core, reader, 'adjudicator')
        const waiting = adjudicationOf(protocol, await review.readings(protocol.id))
        task = await review.claimAdjudication(
          protocol,
          reader,
          waiting.map(({ filmId }) => filmId)
        )
      } else {
        await requireRole(core, reader, 'reader', 'adjudicator')
        task = await review.claimNext(protocol, reader)
      }
      changes.publish(['review'], [])
      return task && describeTask(core, protocol, task)
    },

    async commit({ taskId, answer, reader: asked }) {
      const { review, changes } = core.project()
      const reader = nameOf(asked)
      const task = await review.task(taskId)
      const protocol = await review.protocol(task.protocolId)
      const { commentWhenUnsure, labelsAtOnce, revealAfterCommit } = protocol.settings
      if (commentWhenUnsure && answer.certainty === 'unsure' && answer.comment.trim() === '') {
        throw commentRequired()
      }
      if (task.pass === 'adjudication' && answer.reasonCodes.length === 0) throw reasonRequired()
      const reading = await review.commit(taskId, reader, answer, hidesOf(protocol, task))
      if (labelsAtOnce && task.pass !== 'repeat') await labelFromReading(core, protocol, reading)
      changes.publish(['review'], [task.filmId])
      const film = (await review.protocolFilms(protocol.id)).find(({ filmId }) => filmId === task.filmId)
      return {
        seq: reading.seq,
        reveal: revealAfterCommit,
        reasons: revealAfterCommit ? ((film?.reasons ?? []) as QueueReason[]) : []
      }
    },

    async release({ taskId, reader }) {
      const { review, changes } = core.project()
      await review.release(taskId, nameOf(reader))
      changes.publish(['review'], [])
      return null
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

/** Own answers are always hidden: a film that comes a second time must look like one that comes first. */
function hidesOf({ settings }: Protocol, { pass }: Pick<ReadingTask, 'pass'>): Hidden {
  const adjudication = { model: true, others: true }
  return { ...settings.hides, own: true, ...(pass === 'adjudication' ? adjudication : {}) }
}

async function describeTask(core: CoreContext, protocol: Protocol, task: ReadingTask): Promise<ContractTask> {
  const { review } = core.project()
  const { settings } = protocol
  const films = await review.protocolFilms(protocol.id)
  const hides = hidesOf(protocol, task)
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

async function stateOf(core: CoreContext, protocol: Protocol): Promise<ProtocolState> {
  const { review, studies } = core.project()
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
