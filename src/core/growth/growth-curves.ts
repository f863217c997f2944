import { GA_RANGE_DAYS } from '../domain'
import { PUBLISHED_DAYS, birthWeightAt } from './birth-weight-standard'
import type { GrowthCurves } from './types'

/** Of a known sex; for an unknown one both sexes' median and outer lines, which is where they differ visibly. */
const SDS = [-2, -1, 0, 1, 2]
const SDS_OF_BOTH = [-2, 0, 2]

/** Birth weight by day of gestation at round z-scores, over the whole range of GA that can be recorded. */
export function growthCurves(sex: 'M' | 'F' | null): GrowthCurves {
  const days: number[] = []
  for (let day = GA_RANGE_DAYS.low; day <= GA_RANGE_DAYS.high; day++) days.push(day)
  const sexes = sex === null ? (['M', 'F'] as const) : [sex]
  return {
    reference: 'INTERGROWTH-21st',
    published: { ...PUBLISHED_DAYS },
    days,
    curves: sexes.flatMap(each =>
      (sex === null ? SDS_OF_BOTH : SDS).map(z => ({
        sex: each,
        z,
        grams: days.map(day => Math.round(birthWeightAt(day, z, each)))
      }))
    )
  }
}
