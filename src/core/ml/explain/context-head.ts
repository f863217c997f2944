import { NeoGateError } from '../../foundation'
import type { Tensor } from '../graph'

/**
 * The part of a CCGN behind its pooled features: gate and classifier. Since the gate scales whole channels,
 * GAP(F (x) A) = A * GAP(F); so with g = GAP(F) kept for a film, another GA or BW costs 2 -> hidden -> C -> 6 and no pass
 * through the backbone. Exact, not an approximation.
 */
export interface ContextHead {
  /** Length of the pooled vector. */
  readonly channels: number
  readonly classes: number
  /** A(GA, BW) [channels], each in (0, 1). GA in days, BW in grams. */
  gate(gaDays: number, bwGrams: number): Float32Array
  /** @param pooled GAP(F) [channels], before the gate */
  logits(pooled: Float32Array, gaDays: number, bwGrams: number): Float32Array
}

/** The tensors that a head is made of. */
export const CONTEXT_HEAD_TENSORS = [
  'gate.fc1.weight',
  'gate.fc1.bias',
  'gate.fc2.weight',
  'gate.fc2.bias',
  'fc.weight',
  'fc.bias'
] as const

export interface HeadScale {
  gaMeanDays: number
  gaSdDays: number
  bwMeanGrams: number
  bwSdGrams: number
}

/** @throws NeoGateError MODEL_REFUSED naming the tensor that is missing */
export function contextHead(tensors: ReadonlyMap<string, Tensor>, scale: HeadScale): ContextHead {
  const [w1, b1, w2, b2, wOut, bOut] = CONTEXT_HEAD_TENSORS.map(name => {
    const tensor = tensors.get(name)
    if (tensor?.dtype === 'float32') return tensor.data
    throw new NeoGateError('MODEL_REFUSED', `The model has no tensor '${name}'.`, { field: name })
  }) as [Float32Array, Float32Array, Float32Array, Float32Array, Float32Array, Float32Array]
  const hidden = b1.length
  const channels = b2.length
  const classes = bOut.length

  function gate(gaDays: number, bwGrams: number): Float32Array {
    const ga = (gaDays - scale.gaMeanDays) / scale.gaSdDays
    const bw = (bwGrams - scale.bwMeanGrams) / scale.bwSdGrams
    const z = b1.map((bias, i) => Math.max(0, w1[2 * i]! * ga + w1[2 * i + 1]! * bw + bias))
    const a = new Float32Array(channels)
    for (let c = 0; c < channels; c++) {
      let sum = b2[c]!
      for (let i = 0; i < hidden; i++) sum += w2[c * hidden + i]! * z[i]!
      a[c] = 1 / (1 + Math.exp(-sum))
    }
    return a
  }

  return {
    channels,
    classes,
    gate,
    logits(pooled, gaDays, bwGrams) {
      if (pooled.length !== channels) {
        throw new NeoGateError(
          'INTERNAL',
          `Pooled features of ${pooled.length} numbers do not fit ${channels} channels.`
        )
      }
      const gated = gate(gaDays, bwGrams).map((a, c) => a * pooled[c]!)
      const logits = new Float32Array(classes)
      for (let k = 0; k < classes; k++) {
        let sum = bOut[k]!
        for (let c = 0; c < channels; c++) sum += wOut[k * channels + c]! * gated[c]!
        logits[k] = sum
      }
      return logits
    }
  }
}

/** exp(x) / sum of exp, safe against overflow. */
export function softmaxOf(logits: Float32Array): Float32Array {
  const highest = Math.max(...logits)
  const powers = logits.map(logit => Math.exp(logit - highest))
  const sum = powers.reduce((total, power) => total + power, 0)
  return powers.map(power => power / sum)
}
