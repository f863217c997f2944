import { percentileRank, quantileOf } from './percentiles'

/** One infant's gate beside those of others, channel by channel. */
export interface GateInspection {
  /** [channels] each: the 5th, 50th and 95th percentile of the others. */
  low: Float32Array
  median: Float32Array
  high: Float32Array
  /** Share of the others below this infant's value, 0 to 1 [channels]. */
  rank: Float32Array
  /** Channels outside the band. */
  outside: number
}

const LOW = 0.05
const HIGH = 0.95

/**
 * @param own gate values [channels]
 * @param others gates of other infants, at least one, each [channels]
 */
export function inspectGate(own: Float32Array, others: readonly Float32Array[]): GateInspection {
  const channels = own.length
  const inspection = {
    low: new Float32Array(channels),
    median: new Float32Array(channels),
    high: new Float32Array(channels),
    rank: new Float32Array(channels),
    outside: 0
  }
  const values = new Float32Array(others.length)
  for (let channel = 0; channel < channels; channel++) {
    for (let i = 0; i < others.length; i++) values[i] = others[i]![channel]!
    values.sort()
    const low = quantileOf(values, LOW)
    const high = quantileOf(values, HIGH)
    inspection.low[channel] = low
    inspection.median[channel] = quantileOf(values, 0.5)
    inspection.high[channel] = high
    inspection.rank[channel] = percentileRank(values, own[channel]!)
    if (own[channel]! < low || own[channel]! > high) inspection.outside++
  }
  return inspection
}

/** Mean gate [channels]. @param gates at least one */
export function meanGate(gates: readonly Float32Array[]): Float32Array {
  const sums = new Float64Array(gates[0]!.length)
  for (const gate of gates) for (let c = 0; c < sums.length; c++) sums[c]! += gate[c]!
  return Float32Array.from(sums, sum => sum / gates.length)
}

export interface ChannelEffect {
  channel: number
  /** W_kc A_c g_c: what the channel adds to the class's logit. */
  contribution: number
  /** W_kc (A_c - reference_c) g_c: how much of it is there because this gate is not the reference. */
  effect: number
}

/** What each channel adds to a class's logit. All arguments [channels]. */
export function channelEffects(
  weights: ArrayLike<number>,
  gate: Float32Array,
  reference: Float32Array,
  pooled: Float32Array
): ChannelEffect[] {
  return Array.from(pooled, (g, channel) => ({
    channel,
    contribution: weights[channel]! * gate[channel]! * g,
    effect: weights[channel]! * (gate[channel]! - reference[channel]!) * g
  }))
}
