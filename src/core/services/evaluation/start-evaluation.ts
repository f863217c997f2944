import type { CoreContext } from '../core-context'
import { noSuchModel, projectModels } from '../project-models'
import { chooseSet, type FullEvaluationOptions } from './choose-set'
import type { EvaluateJobInput } from './evaluate-job'

/** Fixes the films and queues the job. @returns its id. @throws NeoGateError as `chooseSet` */
export async function startEvaluation(core: CoreContext, options: FullEvaluationOptions): Promise<string> {
  const session = core.project()
  const models = await projectModels(core)
  const { modelId } = options
  const model = models.find(({ id, active }) => (modelId === null ? active : id === modelId))
  if (!model) throw noSuchModel(modelId)
  const reader = core.settings.get().readerName
  const chosen = await chooseSet(session, model, models, options.set, reader)
  const input: EvaluateJobInput = { modelId: model.id, reader, ...chosen, options }
  return session.jobs.start('evaluate', input)
}
