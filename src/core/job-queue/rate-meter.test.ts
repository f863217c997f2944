import { describe, expect, it } from 'vitest'
import { createRateMeter } from './rate-meter'

describe('rate meter', () => {
  it('tells items per second over the last seconds, after half a second', () => {
    const meter = createRateMeter()
    expect(meter.update('read', 0, 0)).toBeNull()
    expect(meter.update('read', 10, 100)).toBeNull()
    expect(meter.update('read', 100, 1000)).toBeCloseTo(100)
    for (let second = 2; second <= 20; second++) meter.update('read', 100 + (second - 1) * 10, second * 1000)
    expect(meter.update('read', 300, 21_000)).toBeCloseTo(10, 5)
  })

  it('falls to zero when the work stands still', () => {
    const meter = createRateMeter()
    meter.update('read', 0, 0)
    meter.update('read', 50, 1000)
    let rate: number | null = null
    for (let t = 2000; t <= 8000; t += 200) rate = meter.update('read', 50, t)
    expect(rate).toBe(0)
  })

  it('starts anew with a step and when the count goes back', () => {
    const meter = createRateMeter()
    meter.update('walk', 0, 0)
    expect(meter.update('walk', 1000, 1000)).toBe(1000)
    expect(meter.update('read', 0, 1100)).toBeNull()
    expect(meter.update('read', 10, 2100)).toBeCloseTo(10)
    expect(meter.update('read', 5, 2200)).toBeNull()
  })
})
