import { NeoGateError } from '../../foundation'
import { bindParameters, type Graph, type Tensor } from '../graph'
import { evaluateVectors } from './evaluate-vectors'

/**
 * The part of a network behind its pooled features g = GAP(F): with g kept for a film, another GA or BW costs a few small
 * products and no pass through the backbone. Exact, not an approximation: CCGN's gate scales whole channels, and
 * GAP(F (x) A) = A * GAP(F).
 */
export interface ContextHead {
  /** Length of the pooled vector; 0 for a control, which sees no image. */
  readonly channels: number
  readonly classes: number
  /** What GA (days) and BW (grams) multiply each channel by [channels]; null where the method has no such gate. */
  gate(gaDays: number, bwGrams: number): Float32Array | null
  /** @param pooled GAP(F) [channels], before any gate */
  logits(pooled: Float32Array, gaDays: number, bwGrams: number): Float32Array
}

export interface HeadScale {
  gaMeanDays: number
  gaSdDays: number
  bwMeanGrams: number
  bwSdGrams: number
}

/**
 * @param head the network behind its pooled features (`headGraph` of the method)
 * @param tensors at least the head's parameters
 * @throws NeoGateError MODEL_REFUSED naming the tensor that is missing or of another shape
 */
export function contextHead(
  head: Graph,
  tensors: ReadonlyMap<string, Tensor>,
  scale: HeadScale
): ContextHead {
  const bound = bindParameters(head, tensors)
  const channels = head.inputs.find(({ name }) => name === 'pooled')!.shape[1]!
  const output = (name: string) => head.outputs.find(value => value.name === name)
  const logitsOf = evaluateVectors(bound, 'logits')
  const gateOf = output('gate') ? evaluateVectors(bound, 'gate') : null
  const normalised = (gaDays: number, bwGrams: number) =>
    Float32Array.of(
      (gaDays - scale.gaMeanDays) / scale.gaSdDays,
      (bwGrams - scale.bwMeanGrams) / scale.bwSdGrams
    )

  return {
    channels,
    classes: output('logits')!.shape[1]!,
    gate: (gaDays, bwGrams) => gateOf?.({ context: normalised(gaDays, bwGrams) }) ?? null,
    logits(pooled, gaDays, bwGrams) {
      if (pooled.length !== channels) {
        throw new NeoGateError(
          'INTERNAL',
          `Pooled features of ${pooled.length} numbers do not fit ${channels} channels.`
        )
      }
      return logitsOf({ pooled, context: normalised(gaDays, bwGrams) })
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
