import { extname } from 'node:path'
import type { NeoGateError } from '../../foundation'
import {
  elementCount,
  float32,
  formatShape,
  sameShape,
  type Parameter,
  type Shape,
  type Tensor
} from '../graph'
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
  /** Taken from the file for their first input channels; the others started from the seed. */
  widened: string[]
  /** In the file, but of no use to this model. */
  ignored: string[]
}

export interface LoadOptions {
  seed: number
  /** Prefix of the classifier ('fc.'), which may be absent or made for other classes; null: it must be there. */
  head: string | null
  /** Other parts that may be absent: prefixes ('gate.'), or with a dot before them parts within a block ('.se.'). */
  ownParts: readonly string[]
  /** Weights [out, in, ...] that may have fewer input channels in the file. */
  widened?: readonly string[]
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
    const report: LoadReport = { loaded: [], fresh: [], widened: [], ignored: [] }
    const missing: string[] = []
    for (const parameter of parameters) {
      const { name } = parameter
      const stored = names.get(name)
      const isHead = options.head !== null && name.startsWith(options.head)
      if (stored === undefined || (isHead && otherClasses)) {
        if (!isHead && !isOwn(name, options.ownParts)) missing.push(name)
        tensors.set(name, freshTensor(parameter, options.seed))
        report.fresh.push(name)
        continue
      }
      const found = file.tensors.get(stored)!.shape
      if (options.widened?.includes(name) && isNarrower(found, parameter.shape)) {
        const narrow = await readChecked(path, file, stored, { ...parameter, shape: found })
        tensors.set(name, widen(narrow, freshTensor(parameter, options.seed)))
        report.widened.push(name)
        continue
      }
      tensors.set(name, await readChecked(path, file, stored, parameter))
      report.loaded.push(name)
    }
    if (missing.length > 0) throw missingTensors(path, missing, parameters.length)
    const used = new Set([...report.loaded, ...report.widened])
    report.ignored = [...names.keys()].filter(name => !used.has(name))
    return { tensors, report }
  } finally {
    await file.close()
  }
}

function isOwn(name: string, ownParts: readonly string[]): boolean {
  return ownParts.some(part => (part.startsWith('.') ? name.includes(part) : name.startsWith(part)))
}

/** [out, in, ...] with fewer inputs, and else alike. */
function isNarrower(found: Shape, expected: Shape): boolean {
  return (
    found.length === expected.length &&
    found.every((size, axis) => (axis === 1 ? size < expected[axis]! : size === expected[axis]))
  )
}

/** The fresh tensor with the narrow one in its first input channels. */
function widen(narrow: Tensor, fresh: Tensor): Tensor {
  const [filters, channels, ...kernel] = narrow.shape as [number, number, ...number[]]
  const own = channels * elementCount(kernel)
  const wide = elementCount(fresh.shape) / filters
  const data = (fresh.data as Float32Array).slice()
  for (let filter = 0; filter < filters; filter++) {
    data.set((narrow.data as Float32Array).subarray(filter * own, (filter + 1) * own), filter * wide)
  }
  return float32(fresh.shape, data)
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

/** A classifier for another set of classes (ImageNet's 1000), or one that is not given what ours is beside the features. */
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
  if (found?.length !== 2 || expected?.length !== 2) return false
  return found[1]! < expected[1]! || (found[1] === expected[1] && found[0] !== expected[0])
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
