import type { QueuedFilm as ContractFilm, QueueInfo } from '../../../contract'
import { QUEUE_KINDS, type QueuedFilm, type QueueKind } from '../../review-queue'
import type { CoreContext, ProjectSession } from '../core-context'
import type { Services } from '../services'
import { blindingOf, maskReasons, maskRow } from '../blinding'
import { openProjectModel, projectModels } from '../project-models'
import { NEEDS_SCORES, queueOf, readFacts, type QueueFacts } from './facts'

/** Queues are made anew this often where nothing changed, since films of `repeats` come with time alone. */
const KEPT_MS = 60_000

/** What the queues were made from, and those made so far; good while the project stays as it is. */
interface Made {
  version: number
  reader: string
  at: number
  facts: Promise<QueueFacts>
  queues: Map<QueueKind, QueuedFilm[]>
}

export function createQueuesService(core: CoreContext): Services['queues'] {
  const kept = new WeakMap<ProjectSession, Made>()

  function made(): Made {
    const session = core.project()
    const reader = core.settings.get().readerName
    const [version, now] = [session.changes.version(), core.clock.now()]
    const before = kept.get(session)
    if (before?.version === version && before.reader === reader && now - before.at < KEPT_MS) return before
    const facts = readFacts(session, reader, now)
    const fresh: Made = { version, reader, at: now, facts, queues: new Map() }
    kept.set(session, fresh)
    facts.catch(() => kept.delete(session))
    return fresh
  }

  /** A film of which all reasons are hidden is not in the queue: that it is there would tell them. */
  async function orderOf(kind: QueueKind, { facts, queues }: Made): Promise<QueuedFilm[]> {
    const known = queues.get(kind)
    if (known) return known
    const blinding = await blindingOf(core)
    const films = queueOf(kind, await facts).flatMap(film => {
      const reasons = maskReasons(film.filmId, film.reasons, blinding)
      return reasons.length > 0 ? [{ ...film, reasons }] : []
    })
    queues.set(kind, films)
    return films
  }

  async function scoreState({ rows, scores }: QueueFacts) {
    const state = await core.project().review.scoreState()
    if (!state) return null
    const models = await projectModels(core)
    const active = await openProjectModel(core, null)
    const { changedSince } = core.project().labels
    const changed = await changedSince(state.madeAt)
    return {
      ...state,
      modelName: models.find(({ hash }) => hash === state.modelHash)?.card.name ?? null,
      outdated: rows.filter(({ id }) => !scores.has(id) || changed.has(id)).length,
      otherModel: active.hash !== state.modelHash
    }
  }

  return {
    async list() {
      const present = made()
      const facts = await present.facts
      const queues: QueueInfo[] = []
      for (const kind of QUEUE_KINDS) {
        const needsScores = NEEDS_SCORES.has(kind)
        const missing = needsScores && facts.scores.size === 0
        queues.push({ kind, needsScores, films: missing ? null : (await orderOf(kind, present)).length })
      }
      return { queues, scores: await scoreState(facts) }
    },

    async films({ queue, offset, limit }) {
      const films = await orderOf(queue, made())
      const shown = films.slice(offset, offset + limit)
      const rows = await core.project().studies.rows(shown.map(({ filmId }) => filmId))
      const blinding = await blindingOf(core)
      return {
        total: films.length,
        films: shown.map((film, i) => {
          const { row, ...queued } = toContract(film, rows[i]!)
          return { ...queued, row: maskRow(row, blinding) }
        })
      }
    },

    async order({ queue }) {
      const films = await orderOf(queue, made())
      return films.map(({ filmId, reasons }) => ({ filmId, reasons }))
    },

    score: async () => ({ jobId: await core.project().jobs.start('score', null) })
  }
}

/** The stores keep class and state as text; the contract's schema checks them on the way out. */
function toContract({ score, reasons }: QueuedFilm, row: unknown): ContractFilm {
  return { row: row as ContractFilm['row'], score, reasons }
}
