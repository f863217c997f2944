import type { QueuedFilm as ContractFilm } from '../../../contract'
import { QUEUE_KINDS, type QueuedFilm } from '../../review-queue'
import type { CoreContext } from '../core-context'
import type { Services } from '../services'
import { openProjectModel, projectModels } from '../project-models'
import { NEEDS_SCORES, queueOf, readFacts, type QueueFacts } from './facts'

export function createQueuesService(core: CoreContext): Services['queues'] {
  const facts = () => readFacts(core.project(), core.settings.get().readerName, core.clock.now())

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
      const known = await facts()
      const scored = known.scores.size > 0
      return {
        queues: QUEUE_KINDS.map(kind => ({
          kind,
          needsScores: NEEDS_SCORES.has(kind),
          films: NEEDS_SCORES.has(kind) && !scored ? null : queueOf(kind, known).length
        })),
        scores: await scoreState(known)
      }
    },

    async films({ queue, offset, limit }) {
      const known = await facts()
      const films = queueOf(queue, known)
      const shown = films.slice(offset, offset + limit)
      const rows = await core.project().studies.rows(shown.map(({ filmId }) => filmId))
      return { total: films.length, films: shown.map((film, i) => toContract(film, rows[i]!)) }
    },

    score: async () => ({ jobId: await core.project().jobs.start('score', null) })
  }
}

/** The stores keep class and state as text; the contract's schema checks them on the way out. */
function toContract({ score, reasons }: QueuedFilm, row: unknown): ContractFilm {
  return { row: row as ContractFilm['row'], score, reasons }
}
