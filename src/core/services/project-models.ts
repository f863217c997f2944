import { basename, isAbsolute, join } from 'node:path'
import { NeoGateError } from '../foundation'
import {
  copyModelFolder,
  createModelList,
  readModelFolder,
  type ListedModel,
  type ModelFolder
} from '../model-registry'
import type { CoreContext } from './core-context'
import type { OpenModel } from './inference'

/**
 * How a project remembers where a model lies: the shipped one by this word, since the app may move; its own copies by
 * their folder's name below the project's models folder, since the project may move.
 */
const SHIPPED = 'shipped'

function folderOf(core: CoreContext, remembered: string): string {
  if (remembered === SHIPPED) return shippedModelFolder(core.resourcesFolder)
  return isAbsolute(remembered) ? remembered : join(core.project().modelsFolder, remembered)
}

export function shippedModelFolder(resourcesFolder: string): string {
  return join(resourcesFolder, 'demo-model')
}

/**
 * The open project's models, oldest first. The shipped demo model is always among them, and is the active one until
 * another is chosen.
 */
export async function projectModels(core: CoreContext): Promise<(ListedModel & { folder: string })[]> {
  const { database, studies } = core.project()
  const list = createModelList(database.kysely)
  const shipped = await readModelFolder(shippedModelFolder(core.resourcesFolder))
  let models = await list.all()
  const known = models.find(model => model.folder === SHIPPED)
  if (known?.id !== shipped.id) {
    if (known) await list.remove(known.id)
    await list.add(shipped, SHIPPED)
    models = await list.all()
  }
  if (!models.some(({ active }) => active)) {
    await studies.setActiveModel(shipped.id)
    models = await list.all()
  }
  return models.map(model => ({ ...model, folder: folderOf(core, model.folder) }))
}

/** @throws NeoGateError CONFLICT never: a model that is known is simply kept; NOT_FOUND, MODEL_REFUSED, DISK_FULL */
export async function addProjectModel(core: CoreContext, model: ModelFolder): Promise<void> {
  const { database, modelsFolder } = core.project()
  await projectModels(core)
  const list = createModelList(database.kysely)
  if ((await list.all()).some(({ id }) => id === model.id)) return
  const copy = await copyModelFolder(model, join(modelsFolder, model.id))
  await list.add(copy, basename(copy.folder))
}

/** @param id null: the active one. @throws NeoGateError NOT_FOUND, MODEL_REFUSED */
export async function openProjectModel(core: CoreContext, id: string | null): Promise<OpenModel> {
  const models = await projectModels(core)
  const found = models.find(model => (id === null ? model.active : model.id === id))
  if (!found) {
    throw new NeoGateError('NOT_FOUND', `This project has no model ${id}.`, {
      field: 'modelId',
      remedy: 'Add the model to the project first.'
    })
  }
  return core.inference.open(found.folder)
}
