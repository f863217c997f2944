import { hashName, randomBits } from '../../foundation'
import { elementCount, float32, type Initial, type Parameter, type Tensor } from '../graph'

/**
 * Fresh values for a parameter. Element i of the tensor `name` depends on (seed, name, i) alone, so that the same
 * network can be made anywhere: test/golden/counter_random.py makes the same numbers in NumPy.
 */
export function freshTensor({ name, shape, initial }: Parameter, seed: number): Tensor {
  return float32(shape, freshValues(elementCount(shape), initial, seed, hashName(name)))
}

/** Fresh values for every parameter and buffer of a network. */
export function freshTensors(parameters: readonly Parameter[], seed: number): Map<string, Tensor> {
  return new Map(parameters.map(parameter => [parameter.name, freshTensor(parameter, seed)]))
}

function freshValues(count: number, initial: Initial, seed: number, stream: number): Float32Array {
  const values = new Float32Array(count)
  switch (initial.kind) {
    case 'constant':
      return values.fill(initial.value)
    case 'uniform':
      for (let i = 0; i < count; i++) {
        values[i] = ((randomBits(seed, stream, i) + 0.5) / 2 ** 31 - 1) * initial.bound
      }
      return values
    case 'normal':
      // Box and Muller; the first uniform lies in (0, 1), so that its logarithm is finite.
      for (let i = 0; i < count; i++) {
        const radius = Math.sqrt(-2 * Math.log((randomBits(seed, stream, 2 * i) + 0.5) / 2 ** 32))
        const angle = (2 * Math.PI * randomBits(seed, stream, 2 * i + 1)) / 2 ** 32
        values[i] = initial.sd * radius * Math.cos(angle)
      }
      return values
  }
}
