import type { ReliabilityFigures } from './figures'
import type { Weights } from './ranking'

/** Films sorted into bins of equal width by a probability; made once, counted once per resample. */
export interface ReliabilityBins {
  /** Writes mean probability and share of hits of each bin (NaN where empty) to these places. @returns the calibration error */
  measure(weights: Weights, out: Float64Array | null, places: ReliabilityFigures<number> | null): number
}

/**
 * Bins (0, 1/m], (1/m, 2/m] ... with 0 in the first. The calibration error is the mean over films of |share - mean
 * probability| of their bin (expected calibration error, Naeini et al. 2015).
 * @param probability and @param hit of each film
 */
export function reliabilityBins(
  bins: number,
  probability: ArrayLike<number>,
  hit: ArrayLike<number>
): ReliabilityBins {
  const films = probability.length
  const bin = Uint8Array.from(probability, p => Math.max(0, Math.ceil(p * bins) - 1))
  const count = new Float64Array(bins)
  const sum = new Float64Array(bins)
  const hits = new Float64Array(bins)
  return {
    measure(weights, out, places) {
      count.fill(0)
      sum.fill(0)
      hits.fill(0)
      let n = 0
      for (let film = 0; film < films; film++) {
        const weight = weights[film]!
        if (weight === 0) continue
        const b = bin[film]!
        count[b]! += weight
        sum[b]! += weight * probability[film]!
        hits[b]! += weight * hit[film]!
        n += weight
      }
      let error = 0
      for (let b = 0; b < bins; b++) {
        error += Math.abs(hits[b]! - sum[b]!)
        if (!out || !places) continue
        out[places.confidence[b]!] = sum[b]! / count[b]!
        out[places.share[b]!] = hits[b]! / count[b]!
      }
      return error / n
    }
  }
}
