import { readModelFolder } from '../model-registry'
import type { CoreContext } from './core-context'
import { addProjectModel, projectModels } from './project-models'
import { modelInfoOf } from './model-building'
import type { Services } from './services'

export function createModelsService(core: CoreContext): Services['models'] {
  async function list() {
    const models = await projectModels(core)
    return models.map(model => modelInfoOf(model, model.active))
  }

  return {
    list,
    async activate({ id }) {
      await projectModels(core)
      const { studies, changes } = core.project()
      await studies.setActiveModel(id)
      changes.publish(['models', 'predictions', 'films'])
      return list()
    },
    async add({ folder }) {
      await addProjectModel(core, await readModelFolder(folder))
      core.project().changes.publish(['models'])
      return list()
    },
    providers: () => core.inference.providers()
  }
}
