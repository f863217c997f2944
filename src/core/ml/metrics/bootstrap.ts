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
  const estimate = statistic(Int32Array.from(clusters.keys()))
  if (estimate === null) return null
  const values: number[] = []
  for (const cases of resampleClusters(clusters, { resamples, seed })) {
    const value = statistic(cases)
    if (value !== null) values.push(value)
  }
  const bounds = percentileInterval(values, level)
  return bounds && { estimate, ...bounds, resamples: values.length }
}

/**
 * Resamples of the cases, whole clusters drawn with replacement, as many as there are clusters; the same for the same seed.
 * One at a time, so that a long bootstrap can let other work in between. Each is valid only until the next is asked for.
 */
export function* resampleClusters(
  clusters: readonly string[],
  { resamples, seed }: { resamples: number; seed: number }
): Generator<Int32Array> {
  const members = new Map<string, number[]>()
  clusters.forEach((cluster, index) => {
    const list = members.get(cluster)
    if (list) list.push(index)
    else members.set(cluster, [index])
  })
  const groups = [...members.values()]
  const largest = groups.reduce((size, group) => Math.max(size, group.length), 0)
  const cases = new Int32Array(groups.length * largest)
  const random = createRandom(seed, 'bootstrap')
  for (let draw = 0; draw < resamples; draw++) {
    let count = 0
    for (let i = 0; i < groups.length; i++) for (const index of random.pick(groups)) cases[count++] = index
    yield cases.subarray(0, count)
  }
}

/**
 * The same resamples as counts: how often each case is drawn. Much faster where a statistic can be computed from counts.
 * @param clusters cluster of each case, numbered 0, 1, 2 ... in order of first appearance
 * @returns counts [cases], valid only until the next are asked for
 */
export function* resampleWeights(
  clusters: Int32Array,
  { resamples, seed }: { resamples: number; seed: number }
): Generator<Float64Array> {
  const count = clusters.reduce((most, cluster) => Math.max(most, cluster + 1), 0)
  const drawn = new Uint16Array(count)
  const weights = new Float64Array(clusters.length)
  const random = createRandom(seed, 'bootstrap')
  for (let draw = 0; draw < resamples; draw++) {
    drawn.fill(0)
    for (let i = 0; i < count; i++) drawn[Math.floor(random.next() * count)]!++
    for (let i = 0; i < weights.length; i++) weights[i] = drawn[clusters[i]!]!
    yield weights
  }
}

/** The middle `level` of the values; null without values. */
export function percentileInterval(
  values: ArrayLike<number>,
  level = 0.95
): { low: number; high: number } | null {
  return intervalOfSorted(Float64Array.from(values).sort(), level)
}

/** The same of values that are sorted already. */
export function intervalOfSorted(sorted: Float64Array, level: number): { low: number; high: number } | null {
  if (sorted.length === 0) return null
  const tail = (1 - level) / 2
  return { low: quantile(sorted, tail), high: quantile(sorted, 1 - tail) }
}

/** Linear interpolation between order statistics (Hyndman & Fan type 7), of sorted values. */
export function quantile(sorted: ArrayLike<number>, p: number): number {
  const place = p * (sorted.length - 1)
  const below = Math.floor(place)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!)
}
