import { NeoGateError } from '../foundation'
import type { Tensor } from '../ml/graph'
import { modelDefinition, modelParameters, type ModelDefinition } from '../ml/models'
import { loadWeights } from '../ml/weights'
import { fileSha256, readModelFolder, type ModelCard } from '../model-registry'

/** A model folder holds every tensor: none may be fresh. */
const WHOLE_MODEL = { seed: 0, head: null, ownParts: [] }

/**
 * Reads a model folder with all its weights, in a child.
 * @param hash of the model that is meant. @throws NeoGateError MODEL_REFUSED where the folder holds another
 */
export async function wholeModel(
  folder: string,
  hash: string
): Promise<{ card: ModelCard; definition: ModelDefinition; tensors: ReadonlyMap<string, Tensor> }> {
  const model = await readModelFolder(folder)
  const { card, weightsFile } = model
  if (model.hash !== hash || (await fileSha256(weightsFile)) !== card.weights.sha256) {
    throw new NeoGateError('MODEL_REFUSED', `${folder} no longer holds the model that was chosen.`, {
      file: folder,
      reason: 'changed',
      remedy: 'Copy the whole model folder again from where it was made.'
    })
  }
  const definition = modelDefinition(card.method)
  const { tensors } = await loadWeights(weightsFile, modelParameters(definition), WHOLE_MODEL)
  return { card, definition, tensors }
}
