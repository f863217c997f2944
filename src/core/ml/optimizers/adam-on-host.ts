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
  const correction1 = 1 - beta1 ** step
  const rootCorrection2 = Math.sqrt(1 - beta2 ** step)
  const rate = learningRate / correction1
  const inGradient = decoupled ? 0 : weightDecay
  const keep = decoupled ? 1 - learningRate * weightDecay : 1
  for (let i = 0; i < parameter.length; i++) {
    const weight = parameter[i]!
    const slope = gradient[i]! + inGradient * weight
    const m = (mean[i] = beta1 * mean[i]! + (1 - beta1) * slope)
    const s = (square[i] = beta2 * square[i]! + (1 - beta2) * slope * slope)
    parameter[i] = keep * weight - (rate * m) / (Math.sqrt(s) / rootCorrection2 + epsilon)
  }
}
