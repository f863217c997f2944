import { basename, isAbsolute, join } from 'node:path'
import { NeoGateError } from '../foundation'
import {
  copyModelFolder,
  createModelList,
  readModelFolder,
  writeModelById,
  type ListedModel,
  type ModelCard,
  type ModelFolder
} from '../model-registry'
import type { CoreContext, ProjectSession } from './core-context'
import type { OpenModel } from './inference'

/**
 * How a project remembers where a model lies: the shipped one by this word, since the app may move; its own copies by
 * their folder's name below the project's models folder, since the project may move.
 */
const SHIPPED = 'shipped'
const REPLACED = 'NeoGate came with a newer model in place of this one.'

function folderOf(core: CoreContext, remembered: string): string {
  if (remembered === SHIPPED) return shippedModelFolder(core.resourcesFolder)
  return isAbsolute(remembered) ? remembered : join(core.project().modelsFolder, remembered)
}

export function shippedModelFolder(resourcesFolder: string): string {
  return join(resourcesFolder, 'demo-model')
}

/**
 * The open project's models, oldest first. The shipped demo model is always among them, and is the active one until
 * another is promoted. Where NeoGate came with another one than before, that takes its place, on record where the old one
 * had been promoted.
 */
export async function projectModels(core: CoreContext): Promise<(ListedModel & { folder: string })[]> {
  const { database, studies, labels } = core.project()
  const list = createModelList(database.kysely)
  const shipped = await readModelFolder(shippedModelFolder(core.resourcesFolder))
  let models = await list.all()
  const known = models.find(model => model.folder === SHIPPED)
  if (known?.id !== shipped.id) {
    await list.add(shipped, SHIPPED)
    if (known?.active && (await labels.promotions()).length > 0) {
      await labels.promote({ modelId: shipped.id, reader: 'NeoGate', reason: REPLACED })
    }
    if (known) await list.remove(known.id)
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
  if (!found) throw noSuchModel(id)
  return core.inference.open(found.folder)
}

export function noSuchModel(id: string | null): NeoGateError {
  return new NeoGateError('NOT_FOUND', `This project has no model ${id}.`, {
    field: 'modelId',
    remedy: 'Add the model to the project first.'
  })
}

/**
 * Keeps what a training made as a version of the project: a folder of its own, named by its id, and a place on the list
 * beside its parent. It is a candidate; promoting it is for a reader to decide. The same model again is kept once, so that a
 * job cut off here can simply do this again.
 * @param card version 2, with its `training` block
 * @param writeWeights writes the safetensors file at the given path
 * @throws NeoGateError DISK_FULL, FILE_REFUSED; MODEL_REFUSED naming the field of a card that is not whole
 */
export async function registerTrainedModel(
  { database, modelsFolder, changes }: ProjectSession,
  card: Omit<ModelCard, 'weights'>,
  writeWeights: (file: string) => Promise<void>
): Promise<ModelFolder> {
  const model = await writeModelById(modelsFolder, card, writeWeights)
  await createModelList(database.kysely).add(model, basename(model.folder))
  changes.publish(['models'])
  return model
}
