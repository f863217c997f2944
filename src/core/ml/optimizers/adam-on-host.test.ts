import { describe, expect, it } from 'vitest'
import { createRandom } from '../../foundation'
import { PAPER_ADAM, type AdamOptions } from './adam'
import { KERNEL_WEIGHTS } from './adam-kernel'
import { adamOnHost } from './adam-on-host'

/** Kingma & Ba 2015, algorithm 1, with torch's weight decay, in double precision. */
function reference(gradients: readonly number[], start: number, rate: number, options: AdamOptions): number {
  const { beta1, beta2, epsilon, weightDecay, decoupled } = options
  let weight = start
  let mean = 0
  let square = 0
  gradients.forEach((gradient, index) => {
    const slope = decoupled ? gradient : gradient + weightDecay * weight
    mean = beta1 * mean + (1 - beta1) * slope
    square = beta2 * square + (1 - beta2) * slope ** 2
    const kept = decoupled ? weight * (1 - rate * weightDecay) : weight
    const corrected = mean / (1 - beta1 ** (index + 1))
    weight = kept - (rate * corrected) / (Math.sqrt(square / (1 - beta2 ** (index + 1))) + epsilon)
  })
  return weight
}

describe('adamOnHost', () => {
  const variants = [
    { ...PAPER_ADAM, weightDecay: 0.1, decoupled: false },
    { ...PAPER_ADAM, weightDecay: 0.1, decoupled: true }
  ]
  const lengths = [1, 3, 4, 5, KERNEL_WEIGHTS - 1, KERNEL_WEIGHTS, 2 * KERNEL_WEIGHTS + 7]

  it.each(variants.flatMap(options => lengths.map(length => ({ options, length }))))(
    'updates $length weights, decoupled $options.decoupled',
    ({ options, length }) => {
      const random = createRandom(length, 'adam')
      const values = () => Float32Array.from({ length }, () => random.between(-1, 1))
      const start = values()
      const gradients = [values(), values(), values()]
      const state = {
        parameter: start.slice(),
        mean: new Float32Array(length),
        square: new Float32Array(length)
      }
      gradients.forEach((gradient, index) => adamOnHost(state, gradient, 0.01, index + 1, options))
      for (let i = 0; i < length; i++) {
        const expected = reference(
          gradients.map(gradient => gradient[i]!),
          start[i]!,
          0.01,
          options
        )
        if (Math.abs(state.parameter[i]! - expected) > 1e-6) {
          expect(state.parameter[i], `weight ${i}`).toBeCloseTo(expected, 6)
        }
      }
    }
  )

  it('leaves a weight without gradient and decay where it is', () => {
    const state = { parameter: Float32Array.of(0.5), mean: new Float32Array(1), square: new Float32Array(1) }
    adamOnHost(state, Float32Array.of(0), 0.01, 1, { ...PAPER_ADAM, weightDecay: 0 })
    expect(state.parameter[0]).toBe(0.5)
  })
})
