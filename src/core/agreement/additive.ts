import { percentileInterval, resampleClusters, type Interval } from '../ml/metrics'
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
): Interval | null {
  const estimate = valueOf(statistic, ratings)
  if (estimate === null) return null
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
  const bounds = percentileInterval(values, level)
  return bounds && { estimate, ...bounds, resamples: values.length }
}
