import { createRandom } from '../../foundation'

export interface Interval {
  /** The statistic on the data as they are. */
  estimate: number
  low: number
  high: number
  /** Resamples on which the statistic existed. */
  resamples: number
}

/**
 * Percentile interval of a statistic by resampling whole clusters (infants), since films of one infant are not
 * independent. For a paired comparison let the statistic be the difference of two models on the same films.
 * @param clusters cluster of each case
 * @param statistic from case indices (with repeats) to a number, or null where it does not exist on them
 * @param level e.g. 0.95
 */
export function clusterBootstrap(
  clusters: readonly string[],
  statistic: (cases: Int32Array) => number | null,
  { resamples, seed, level = 0.95 }: { resamples: number; seed: number; level?: number }
): Interval | null {
  const members = new Map<string, number[]>()
  clusters.forEach((cluster, index) => {
    const list = members.get(cluster)
    if (list) list.push(index)
    else members.set(cluster, [index])
  })
  const groups = [...members.values()]
  const estimate = statistic(Int32Array.from(clusters.keys()))
  if (estimate === null) return null

  const random = createRandom(seed, 'bootstrap')
  const values: number[] = []
  for (let draw = 0; draw < resamples; draw++) {
    const cases: number[] = []
    for (let i = 0; i < groups.length; i++) cases.push(...random.pick(groups))
    const value = statistic(Int32Array.from(cases))
    if (value !== null) values.push(value)
  }
  if (values.length === 0) return null
  values.sort((a, b) => a - b)
  const tail = (1 - level) / 2
  return { estimate, low: quantile(values, tail), high: quantile(values, 1 - tail), resamples: values.length }
}

/** Linear interpolation between order statistics (Hyndman & Fan type 7), of sorted values. */
export function quantile(sorted: readonly number[], p: number): number {
  const place = p * (sorted.length - 1)
  const below = Math.floor(place)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!)
}
