import type { AdamOptions } from './adam'

/**
 * The same update as `adam`, in place and outside the graph: on a CPU an output of a session costs a fresh copy, so
 * that handing back gradients alone and updating here is faster than handing back weights and moments.
 * @param step t = 1, 2, ...
 */
export function adamOnHost(
  { parameter, mean, square }: Record<'parameter' | 'mean' | 'square', Float32Array>,
  gradient: Float32Array,
  learningRate: number,
  step: number,
  { beta1, beta2, epsilon, weightDecay, decoupled }: AdamOptions
): void {
  // (m / c1) / (sqrt(s / c2) + epsilon), multiplied through by sqrt(c2): one division per weight less.
  const rootCorrection2 = Math.sqrt(1 - beta2 ** step)
  const rate = (learningRate * rootCorrection2) / (1 - beta1 ** step)
  const floor = epsilon * rootCorrection2
  const inGradient = decoupled ? 0 : weightDecay
  const keep = decoupled ? 1 - learningRate * weightDecay : 1
  const { length } = parameter
  for (let i = 0; i < length; i++) {
    const weight = parameter[i]!
    const slope = gradient[i]! + inGradient * weight
    const m = beta1 * mean[i]! + (1 - beta1) * slope
    const s = beta2 * square[i]! + (1 - beta2) * (slope * slope)
    mean[i] = m
    square[i] = s
    parameter[i] = keep * weight - (rate * m) / (Math.sqrt(s) + floor)
  }
}
