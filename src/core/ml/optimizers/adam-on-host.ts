import type { AdamOptions } from './adam'
import { createAdamKernel, KERNEL_WEIGHTS, type AdamKernel } from './adam-kernel'

let kernel: AdamKernel | null = null

/**
 * The same update as `adam`, in place and outside the graph, in float32: on a CPU an output of a session costs a fresh
 * copy, so that handing back gradients alone and updating here is faster than handing back weights and moments.
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
  kernel ??= createAdamKernel()
  for (let start = 0; start < parameter.length; start += KERNEL_WEIGHTS) {
    const end = Math.min(start + KERNEL_WEIGHTS, parameter.length)
    kernel.parameter.set(parameter.subarray(start, end))
    kernel.gradient.set(gradient.subarray(start, end))
    kernel.mean.set(mean.subarray(start, end))
    kernel.square.set(square.subarray(start, end))
    const bytes = 16 * Math.ceil((end - start) / 4)
    kernel.update(bytes, inGradient, beta1, 1 - beta1, beta2, 1 - beta2, keep, rate, floor)
    parameter.set(kernel.parameter.subarray(0, end - start), start)
    mean.set(kernel.mean.subarray(0, end - start), start)
    square.set(kernel.square.subarray(0, end - start), start)
  }
}
