import { expect, it } from 'vitest'
import { learningRateAt } from './schedule'

it('climbs, then falls to zero as half a cosine', () => {
  const schedule = { peak: 1, warmUpSteps: 4, cosineSteps: 12 }
  expect([1, 2, 4].map(step => learningRateAt(schedule, step))).toEqual([0.25, 0.5, 1])
  expect(learningRateAt(schedule, 8)).toBeCloseTo(0.5, 12)
  expect(learningRateAt(schedule, 12)).toBeCloseTo(0, 12)
  expect(learningRateAt(schedule, 99)).toBeCloseTo(0, 12)
})

it('stays at the peak without a cosine', () => {
  expect(learningRateAt({ peak: 0.5, warmUpSteps: 0, cosineSteps: null }, 1000)).toBe(0.5)
})
