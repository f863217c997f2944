import { stat, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { ModelInfo } from '../../contract'
import { DIAGNOSES } from '../domain'
import { fromSystemError } from '../foundation'
import { MODEL_INPUT_STEPS, preprocessingHash } from '../image-preprocessing'
import { toOnnx } from '../ml/graph'
import { boundInferenceGraph, countParameters, modelDefinition, modelParameters } from '../ml/models'
import { freshTensors, loadWeights, writeSafetensors, type LoadReport } from '../ml/weights'
import {
  checkWeights,
  fileSha256,
  RESEARCH_NOTICE,
  writeModelFolder,
  type ModelFolder
} from '../model-registry'

export interface MakeModelOptions {
  method: string
  /** Input side in pixels. */
  size: number
  seed: number
  /** Weights to begin with, in torchvision's names; null: all fresh. */
  init: string | null
  name: string | null
  /** Folder to make. */
  out: string
  /** ISO 8601 UTC. */
  createdAt: string
}

/**
 * GA and BW of a neonatal unit's films at large, which a model carries until it is trained on a cohort of its own:
 * 34+0 weeks +- 4 weeks, 2200 +- 850 g.
 */
export const CONTEXT_BEFORE_TRAINING = { gaMeanDays: 238, gaSdDays: 28, bwMeanGrams: 2200, bwSdGrams: 850 }

/** @throws NeoGateError INVALID_INPUT, WEIGHTS_REFUSED, CONFLICT, DISK_FULL */
export async function buildModel(
  options: MakeModelOptions
): Promise<{ model: ModelFolder; report: LoadReport }> {
  const { size, seed, init } = options
  const definition = modelDefinition(options.method)
  const parameters = modelParameters(definition)
  const { tensors, report } =
    init === null
      ? {
          tensors: freshTensors(parameters, seed),
          report: { loaded: [], fresh: parameters.map(({ name }) => name), widened: [], ignored: [] }
        }
      : await loadWeights(init, parameters, {
          seed,
          head: definition.head,
          ownParts: definition.ownParts,
          widened: definition.widened
        })
  const model = await writeModelFolder(
    options.out,
    {
      format: 'neogate-model',
      version: 1,
      notice: RESEARCH_NOTICE,
      name: options.name ?? basename(options.out),
      method: definition.id,
      classes: [...DIAGNOSES],
      size,
      // With every tensor from a file, gate and classifier included, somebody has trained it.
      trained: report.fresh.length === 0 && report.widened.length === 0,
      seed,
      initialWeights: init === null ? null : await fileSha256(init),
      parameters: countParameters(definition),
      context: CONTEXT_BEFORE_TRAINING,
      preprocessing: { hash: preprocessingHash(size), steps: [...MODEL_INPUT_STEPS] },
      createdAt: options.createdAt
    },
    file => writeSafetensors(file, tensors, { notice: RESEARCH_NOTICE, method: definition.id })
  )
  return { model, report }
}

/** Writes a model's weights as safetensors (torchvision's names), or the whole network as ONNX for one film at a time. */
export async function writeModelExport(
  model: ModelFolder,
  to: 'onnx' | 'safetensors',
  out: string
): Promise<{ byteSize: number }> {
  const { card } = model
  await checkWeights(model)
  const definition = modelDefinition(card.method)
  const parameters = modelParameters(definition)
  const { tensors } = await loadWeights(model.weightsFile, parameters, { seed: 0, head: null, ownParts: [] })
  const metadata = {
    notice: RESEARCH_NOTICE,
    name: card.name,
    method: card.method,
    trained: String(card.trained),
    modelHash: model.hash,
    classes: card.classes.join(','),
    preprocessing: card.preprocessing.steps.join('; '),
    preprocessingHash: card.preprocessing.hash,
    context: `input 'context': GA in days, BW in grams; cohort ${JSON.stringify(card.context)}`
  }
  if (to === 'safetensors') {
    await writeSafetensors(out, tensors, metadata)
  } else {
    const graph = boundInferenceGraph(definition, { batch: 1, size: card.size }, card.context, tensors)
    await writeFile(out, toOnnx(graph, metadata)).catch((error: unknown) => {
      throw fromSystemError(error, out)
    })
  }
  return { byteSize: (await stat(out)).size }
}

export function modelInfoOf(
  { id, hash, card, folder }: Pick<ModelFolder, 'id' | 'hash' | 'card' | 'folder'>,
  active: boolean
): ModelInfo {
  return {
    id,
    name: card.name,
    method: card.method,
    trained: card.trained,
    size: card.size,
    parameters: card.parameters,
    hash,
    preprocessing: card.preprocessing,
    context: card.context,
    createdAt: card.createdAt,
    folder,
    active,
    training: card.training ?? null
  }
}
