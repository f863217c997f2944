import type { Weights } from './ranking'

/** Films of a class ranked within many groups at once: one walk instead of one for each group. */
export interface GroupRanking {
  /**
   * Writes the area under the ROC curve within each group (NaN where it does not exist).
   * @param totals films of each group, by weight
   */
  aurocs(weights: Weights, totals: Float64Array, out: Float64Array): void
}

/**
 * @param order films by falling score
 * @param score by film; equal scores are ties, counting one half
 * @param positive by film
 * @param groupsOf groups of each film, `perFilm` of them one after the other; `groups` itself stands for none
 */
export function rankWithinGroups(
  order: Int32Array,
  score: (film: number) => number,
  positive: (film: number) => boolean,
  { groupsOf, perFilm, groups }: { groupsOf: Uint16Array; perFilm: number; groups: number }
): GroupRanking {
  const size = order.length
  const hit = Uint8Array.from(order, film => (positive(film) ? 1 : 0))
  /** Groups of the films in the order of their rank. */
  const slots = new Uint16Array(size * perFilm)
  order.forEach((film, i) => slots.set(groupsOf.subarray(film * perFilm, (film + 1) * perFilm), i * perFilm))
  /** Where the films of equal score end. */
  const ends = Int32Array.from(order.keys()).filter(
    i => i === size - 1 || score(order[i + 1]!) !== score(order[i]!)
  )
  // The last place takes what is in no group.
  const tp = new Float64Array(groups + 1)
  const area = new Float64Array(groups + 1)

  function addPositive(i: number, weight: number): void {
    for (let at = i * perFilm, end = at + perFilm; at < end; at++) tp[slots[at]!]! += weight
  }
  function addNegative(i: number, weight: number): void {
    for (let at = i * perFilm, end = at + perFilm; at < end; at++) {
      const group = slots[at]!
      area[group]! += weight * tp[group]!
    }
  }

  return {
    aurocs(weights, totals, out) {
      tp.fill(0)
      area.fill(0)
      let start = 0
      for (let block = 0; block < ends.length; block++) {
        const end = ends[block]!
        if (start === end) {
          const weight = weights[order[start]!]!
          if (hit[start] === 1) addPositive(start, weight)
          else if (weight > 0) addNegative(start, weight)
        } else {
          // Half of the tied positives lie above the tied negatives, half below.
          for (let i = start; i <= end; i++) if (hit[i] === 1) addPositive(i, weights[order[i]!]! / 2)
          for (let i = start; i <= end; i++) if (hit[i] === 0) addNegative(i, weights[order[i]!]!)
          for (let i = start; i <= end; i++) if (hit[i] === 1) addPositive(i, weights[order[i]!]! / 2)
        }
        start = end + 1
      }
      for (let group = 0; group < groups; group++) {
        const positives = tp[group]!
        out[group] = area[group]! / (positives * (totals[group]! - positives))
      }
    }
  }
}
