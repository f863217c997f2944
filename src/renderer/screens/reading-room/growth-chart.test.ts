import { describe, expect, it } from 'vitest'
import type { GrowthCurves } from '../../../contract'
import { centileOf, growthLines, growthScale, TOP_GRAMS } from './growth-chart'

describe('centile of a z-score', () => {
  // Quantiles of the standard normal distribution from a printed table.
  it.each([
    [-2.32, '1'],
    [-1.8808, '3'],
    [-1.2816, '10'],
    [-0.6745, '25'],
    [0, '50'],
    [0.6745, '75'],
    [1.2816, '90'],
    [1.8808, '97'],
    [-3, '<1'],
    [3, '>99']
  ])('of %f is %s', (z, centile) => expect(centileOf(z)).toBe(centile))
})

describe('growth chart', () => {
  const days = [154, 155, 156, 157, 158]
  const curves: GrowthCurves = {
    reference: 'R',
    published: { first: 155, last: 157 },
    days,
    curves: [{ sex: 'M', z: 0, grams: [0, TOP_GRAMS / 4, TOP_GRAMS / 2, TOP_GRAMS, 0] }]
  }
  const box = { width: 120, height: 50, left: 10, right: 10, top: 5, bottom: 5 }
  const scale = growthScale(curves, box)

  it('spans its box', () => {
    expect([scale.x(154), scale.x(158)]).toEqual([10, 110])
    expect([scale.y(0), scale.y(TOP_GRAMS)]).toEqual([45, 5])
  })

  it('is dashed just where nothing is published', () => {
    const [line] = growthLines(curves, scale)
    expect(line!.solid).toBe('M35.0 35.0L60.0 25.0L85.0 5.0')
    expect(line!.dashed).toEqual(['M10.0 45.0L35.0 35.0', 'M85.0 5.0L110.0 45.0'])
    expect(line!.end).toEqual({ x: 110, y: 45 })
  })
})
