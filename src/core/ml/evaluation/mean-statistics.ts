import type { Statistics } from './statistics'

/**
 * Means of every figure over several runs of one method on the same films, resample by resample, so that the interval of a
 * mean is that of the films drawn, with the seeds as they are. A figure that one run lacks (NaN) the mean lacks as well.
 */
export function meanStatistics(runs: readonly [Statistics, ...Statistics[]]): Statistics {
  const { places, count } = runs[0]
  const own = new Float64Array(count)
  return {
    places,
    count,
    compute(weights, out) {
      out.fill(0)
      for (const run of runs) {
        run.compute(weights, own)
        for (let i = 0; i < count; i++) out[i]! += own[i]! / runs.length
      }
    }
  }
}

/** Sample standard deviation; null of fewer than two values, or where one does not exist. */
export function standardDeviation(values: readonly number[]): number | null {
  if (values.length < 2 || values.some(Number.isNaN)) return null
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))
}
