import { DIAGNOSES } from '../domain'
import type { CoreContext } from './core-context'
import { chooseSet } from './evaluation/choose-set'
import { compareEvaluations } from './evaluation/compare-evaluations'
import type { EvaluateJobInput } from './evaluation/evaluate-job'
import { noSuchModel, projectModels } from './project-models'
import type { Services } from './services'

export function createEvaluationService(core: CoreContext): Services['evaluation'] {
  return {
    list: async () => core.project().evaluations.list(),

    get: async ({ id }) => core.project().evaluations.get(id),

    async start(options) {
      const session = core.project()
      const models = await projectModels(core)
      const { modelId } = options
      const model = models.find(({ id, active }) => (modelId === null ? active : id === modelId))
      if (!model) throw noSuchModel(modelId)
      const reader = core.settings.get().readerName
      const chosen = await chooseSet(session, model, models, options.set, reader)
      const input: EvaluateJobInput = { modelId: model.id, reader, ...chosen, options }
      return { jobId: await session.jobs.start('evaluate', input) }
    },

    async films({ id, label, predicted }) {
      const place = (diagnosis: typeof label) => (diagnosis === null ? null : DIAGNOSES.indexOf(diagnosis))
      const filmIds = await core.project().evaluations.filmsBehind(id, place(label), place(predicted))
      return { filmIds }
    },

    compare: (ids, { signal }) => compareEvaluations(core.project(), ids, signal)
  }
}
