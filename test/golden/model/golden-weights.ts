import { freshTensor } from '../../../src/core/ml/weights'
import { float32, type Parameter, type Tensor } from '../../../src/core/ml/graph'

/**
 * Weights with running statistics that are not trivial, made from the seed: twin of `golden_tensor` in make_golden.py.
 */
export function goldenTensors(parameters: readonly Parameter[], seed: number): Map<string, Tensor> {
  return new Map(parameters.map(parameter => [parameter.name, kept(parameter, seed)]))
}

/** Tensors made so far, since most methods share ResNet50's. */
const made = new Map<string, Tensor>()

function kept(parameter: Parameter, seed: number): Tensor {
  const key = `${seed} ${parameter.name} ${parameter.shape.join()}`
  const tensor = made.get(key) ?? goldenTensor(parameter, seed)
  made.set(key, tensor)
  return tensor
}

/** Uniform in (-2, 2): twin of `golden_image`. */
export function goldenImage(batch: number, size: number, seed: number): Tensor {
  return goldenUniform('image', [batch, 3, size, size], seed, -2, 2)
}

const HEADS = ['fc.', 'head.', 'classifier.2.']

function goldenTensor(parameter: Parameter, seed: number): Tensor {
  const { name, shape } = parameter
  if (name.endsWith('running_mean')) return goldenUniform(name, shape, seed, -0.3, 0.3)
  if (name.endsWith('running_var')) return goldenUniform(name, shape, seed, 0.5, 1.5)
  if (name.includes('.bn3.weight')) return goldenUniform(name, shape, seed, 0.1, 0.4)
  if (name.endsWith('weight') && shape.length === 1) return goldenUniform(name, shape, seed, 0.6, 1.2)
  if (shape.length === 4) return normal(name, shape, seed, Math.sqrt(2 / (shape[0]! * shape[2]! * shape[3]!)))
  if (shape.length === 2) {
    return normal(
      name,
      shape,
      seed,
      (HEADS.some(head => name.startsWith(head)) ? 10 : 1) / Math.sqrt(shape[1]!)
    )
  }
  return goldenUniform(name, shape, seed, -0.2, 0.2)
}

function normal(name: string, shape: readonly number[], seed: number, sd: number): Tensor {
  return freshTensor(parameterOf(name, shape, { kind: 'normal', sd }), seed)
}

/** Uniform in (low, high), by name. */
export function goldenUniform(
  name: string,
  shape: readonly number[],
  seed: number,
  low: number,
  high: number
): Tensor {
  const unit = freshTensor(parameterOf(name, shape, { kind: 'uniform', bound: 1 }), seed)
  const middle = (low + high) / 2
  const half = (high - low) / 2
  return float32(
    shape,
    Float32Array.from(unit.data as Float32Array, value => middle + value * half)
  )
}

function parameterOf(name: string, shape: readonly number[], initial: Parameter['initial']): Parameter {
  return { name, dtype: 'float32', shape, kind: 'weight', initial }
}
