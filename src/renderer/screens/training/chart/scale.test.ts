import { describe, expect, it } from 'vitest'
import { extentOfY, linearScale, nearest, niceTicks, thin } from './scale'

describe('ticks', () => {
  it.each([
    [0, 1, 4, [0, 0.5, 1]],
    [0, 1, 5, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [0.13, 0.87, 4, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [0, 1e-4, 2, [0, 0.00005, 0.0001]],
    [0, 43, 5, [0, 10, 20, 30, 40, 50]],
    [-3, 3, 3, [-4, -2, 0, 2, 4]]
  ])('from %d to %d, about %d', (low, high, count, ticks) =>
    expect(niceTicks(low, high, count)).toEqual(ticks)
  )

  it('leave room around a single value', () => {
    for (const value of [0, 0.5, -2]) {
      const ticks = niceTicks(value, value, 4)
      expect(ticks[0]!).toBeLessThan(value)
      expect(ticks.at(-1)!).toBeGreaterThan(value)
    }
  })
})

describe('scale', () => {
  it('maps linearly, upside down as well', () => {
    const y = linearScale([0, 2], [100, 0])
    expect([y(0), y(1), y(2)]).toEqual([100, 50, 0])
    expect(linearScale([3, 3], [10, 20])(3)).toBe(10)
  })
})

describe('thinning', () => {
  const noisy = Array.from({ length: 100_000 }, (_, x) => ({ x, y: x === 61_803 ? 99 : Math.sin(x / 50) }))

  it('keeps few points, in order, and every peak', () => {
    const kept = thin(noisy, 300)
    expect(kept.length).toBeLessThanOrEqual(602)
    expect(kept.every((point, index) => index === 0 || point.x > kept[index - 1]!.x)).toBe(true)
    expect(extentOfY(kept)).toEqual(extentOfY(noisy))
  })

  it('leaves few points as they are', () => {
    const points = noisy.slice(0, 20)
    expect(thin(points, 10)).toEqual(points)
    expect(thin([], 10)).toEqual([])
    expect(extentOfY([])).toBeNull()
  })
})

describe('the nearest point', () => {
  const points = [0, 1, 4, 9].map(x => ({ x, y: 0 }))
  it.each([
    [-5, 0],
    [2, 1],
    [3, 4],
    [7, 9],
    [50, 9]
  ])('to %d is at %d', (x, at) => {
    expect(nearest(points, x)?.x).toBe(at)
  })
  it('is none among none', () => expect(nearest([], 1)).toBeNull())
})
