import { describe, expect, it } from 'vitest'
import { gateChange } from './gate-change'

describe('change of a gate', () => {
  it('is sorted, averaged and counted', () => {
    const change = gateChange(Float32Array.of(0.5, 0.5, 0.5, 0.5), Float32Array.of(0.25, 0.5, 1, 0.505), 4)
    expect(change.sorted[0]).toBe(0.5)
    expect(change.sorted[3]).toBe(-0.25)
    expect(change.meanAbsolute).toBeCloseTo((0.25 + 0.5 + 0.005) / 4, 6)
    expect(change.moved).toBe(0.5)
  })

  it('keeps the extremes when it is thinned', () => {
    const now = Float32Array.from({ length: 2048 }, (_, channel) => channel / 2047)
    const { sorted, channels } = gateChange(new Float32Array(2048), now, 65)
    expect([channels, sorted.length, sorted[0], sorted[64]]).toEqual([2048, 65, 1, 0])
    expect(sorted[32]).toBeCloseTo(0.5, 2)
  })
})
