import { percentileInterval, resampleClusters } from '../ml/metrics'
import type { Ratings } from './ratings'

/**
 * A statistic that depends on sums over films alone, as every one here does: agreement on a resample of infants then needs
 * only the infants' sums, so that 2,000 resamples of tens of thousands of films take about a second.
 */
export interface AdditiveStatistic {
  /** Numbers that one film adds. */
  readonly length: number
  add(unit: readonly (number | null)[], sums: Float64Array): void
  /** null where the sums give none, as where chance alone explains everything. */
  value(sums: Float64Array): number | null
}

/** A statistic on the films as they are, with its interval; no interval where fewer infants than FEWEST_INFANTS carry it. */
export interface Figure {
  estimate: number
  low: number | null
  high: number | null
  /** Resamples on which the statistic existed. */
  resamples: number
}

/** Resampling so few infants would only show that they are few, as an interval that is far too short. */
const FEWEST_INFANTS = 6

export function valueOf(statistic: AdditiveStatistic, ratings: Ratings): number | null {
  const sums = new Float64Array(statistic.length)
  for (const unit of ratings) statistic.add(unit, sums)
  return statistic.value(sums)
}

/**
 * The statistic with the percentile interval of resampling whole infants, since films of one infant are not independent.
 * @param infants of each film
 * @returns null where the statistic does not exist on the films as they are
 */
export function withInterval(
  statistic: AdditiveStatistic,
  ratings: Ratings,
  infants: readonly string[],
  { resamples, seed, level = 0.95 }: { resamples: number; seed: number; level?: number }
): Figure | null {
  const estimate = valueOf(statistic, ratings)
  if (estimate === null) return null
  if (new Set(infants).size < FEWEST_INFANTS) return { estimate, low: null, high: null, resamples: 0 }
  const sumsOf = new Map<string, Float64Array>()
  ratings.forEach((unit, i) => {
    const sums = sumsOf.get(infants[i]!) ?? new Float64Array(statistic.length)
    statistic.add(unit, sums)
    sumsOf.set(infants[i]!, sums)
  })
  const perInfant = [...sumsOf.values()]
  const values: number[] = []
  const total = new Float64Array(statistic.length)
  for (const drawn of resampleClusters([...sumsOf.keys()], { resamples, seed })) {
    total.fill(0)
    for (const infant of drawn) {
      const sums = perInfant[infant]!
      for (let k = 0; k < total.length; k++) total[k]! += sums[k]!
    }
    const value = statistic.value(total)
    if (value !== null) values.push(value)
  }
  const bounds = percentileInterval(values, level) ?? { low: null, high: null }
  return { estimate, ...bounds, resamples: values.length }
}
