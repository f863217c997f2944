import { DIAGNOSES } from '../domain'
import type { CoreContext } from './core-context'
import { compareEvaluations } from './evaluation/compare-evaluations'
import { startEvaluation } from './evaluation/start-evaluation'
import type { Services } from './services'

export function createEvaluationService(core: CoreContext): Services['evaluation'] {
  return {
    list: async () => core.project().evaluations.list(),

    get: async ({ id }) => core.project().evaluations.get(id),

    start: async options => ({ jobId: await startEvaluation(core, options) }),

    async films({ id, label, predicted }) {
      const place = (diagnosis: typeof label) => (diagnosis === null ? null : DIAGNOSES.indexOf(diagnosis))
      const filmIds = await core.project().evaluations.filmsBehind(id, place(label), place(predicted))
      return { filmIds }
    },

    compare: (ids, { signal }) => compareEvaluations(core.project(), ids, signal)
  }
}
