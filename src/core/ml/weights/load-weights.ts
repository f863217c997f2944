import { extname } from 'node:path'
import type { NeoGateError } from '../../foundation'
import { float32, formatShape, sameShape, type Parameter, type Tensor } from '../graph'
import { freshTensor } from './initialise'
import { openOnnxWeights } from './onnx-weights'
import { openSafetensors } from './safetensors'
import { openTorchCheckpoint } from './torch-checkpoint'
import { weightsRefused, type StoredTensor, type WeightFile } from './weight-file'

/** Opens a weight file by what its name says it is. @throws NeoGateError WEIGHTS_REFUSED, NOT_FOUND */
export function openWeights(path: string): Promise<WeightFile> {
  switch (extname(path).toLowerCase()) {
    case '.safetensors':
      return openSafetensors(path)
    case '.pt':
    case '.pth':
    case '.ckpt':
    case '.bin':
      return openTorchCheckpoint(path)
    case '.onnx':
      return openOnnxWeights(path)
    default:
      return Promise.reject(
        weightsRefused(path, 'not a kind of weight file that is known.', {
          reason: 'unknown-format',
          remedy: 'Give a .safetensors, .pt, .pth or .onnx file.'
        })
      )
  }
}

/** Which tensors of a model came from where. */
export interface LoadReport {
  loaded: string[]
  /** Not in the file, or in it for another set of classes: started from the seed. */
  fresh: string[]
  /** In the file, but of no use to this model. */
  ignored: string[]
}

export interface LoadOptions {
  seed: number
  /** Prefix of the classifier ('fc.'), which may be absent or made for other classes; null: it must be there. */
  head: string | null
  /** Prefixes of other parts that may be absent ('gate.'). */
  ownParts: readonly string[]
}

/**
 * The tensors of a model from a file, under torchvision's names.
 * @throws NeoGateError WEIGHTS_REFUSED naming the tensor with expected and found shapes, or the tensors that are
 * missing, or the first that holds NaN or infinity
 */
export async function loadWeights(
  path: string,
  parameters: readonly Parameter[],
  options: LoadOptions
): Promise<{ tensors: Map<string, Tensor>; report: LoadReport }> {
  const file = await openWeights(path)
  try {
    const names = modelNames(file)
    const otherClasses = isOtherClassifier(file, names, parameters, options.head)
    const tensors = new Map<string, Tensor>()
    const report: LoadReport = { loaded: [], fresh: [], ignored: [] }
    const missing: string[] = []
    for (const parameter of parameters) {
      const { name } = parameter
      const stored = names.get(name)
      const isHead = options.head !== null && name.startsWith(options.head)
      if (stored === undefined || (isHead && otherClasses)) {
        if (!isHead && !options.ownParts.some(prefix => name.startsWith(prefix))) missing.push(name)
        tensors.set(name, freshTensor(parameter, options.seed))
        report.fresh.push(name)
        continue
      }
      tensors.set(name, await readChecked(path, file, stored, parameter))
      report.loaded.push(name)
    }
    if (missing.length > 0) throw missingTensors(path, missing, parameters.length)
    report.ignored = [...names.keys()].filter(name => !report.loaded.includes(name))
    return { tensors, report }
  } finally {
    await file.close()
  }
}

/** What wrappers put before every name (DataParallel, Lightning, torch.compile). */
const WRAPPERS = ['module.', 'model.', 'net.', '_orig_mod.']

/** Model name -> name in the file, wrappers' prefixes taken off where every tensor has them. */
function modelNames(file: WeightFile): Map<string, string> {
  let names = [...file.tensors.keys()].map(stored => ({ name: stored, stored }))
  for (;;) {
    const wrapper = WRAPPERS.find(
      prefix => names.length > 0 && names.every(({ name }) => name.startsWith(prefix))
    )
    if (!wrapper) return new Map(names.map(({ name, stored }) => [name, stored]))
    names = names.map(({ name, stored }) => ({ name: name.slice(wrapper.length), stored }))
  }
}

/** A classifier over the same features for another set of classes (ImageNet's 1000). */
function isOtherClassifier(
  file: WeightFile,
  names: ReadonlyMap<string, string>,
  parameters: readonly Parameter[],
  head: string | null
): boolean {
  if (head === null) return false
  const name = `${head}weight`
  const found = file.tensors.get(names.get(name) ?? '')?.shape
  const expected = parameters.find(parameter => parameter.name === name)?.shape
  return found?.length === 2 && expected?.length === 2 && found[0] !== expected[0] && found[1] === expected[1]
}

async function readChecked(
  path: string,
  file: WeightFile,
  stored: string,
  { name, shape }: Parameter
): Promise<Tensor> {
  const found: StoredTensor = file.tensors.get(stored)!
  if (!sameShape(found.shape, shape)) {
    throw weightsRefused(
      path,
      `tensor '${name}' should be ${formatShape(shape)}, found ${formatShape(found.shape)}.`,
      {
        field: name,
        reason: 'shape',
        remedy: 'Choose the method and width that these weights were made for.'
      }
    )
  }
  const data = await file.read(stored)
  if (!data.every(Number.isFinite)) {
    throw weightsRefused(path, `tensor '${name}' holds values that are no numbers (NaN or infinity).`, {
      field: name,
      reason: 'not-finite',
      remedy: 'The training run that made this file diverged; take an earlier checkpoint.'
    })
  }
  return float32(shape, data)
}

function missingTensors(path: string, missing: readonly string[], total: number): NeoGateError {
  return weightsRefused(
    path,
    `${missing.length} of the model's ${total} tensors are not in it, first '${missing[0]}'.`,
    {
      field: missing[0]!,
      reason: 'missing-tensors',
      remedy: "Give weights of the same architecture under torchvision's names."
    }
  )
}
