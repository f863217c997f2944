import { describe, expect, it } from 'vitest'
import { createRandom, randomBits } from './random'

describe('random', () => {
  it('is the same for the same seed and name, in any order', () => {
    const a = createRandom(1, 'lungs')
    const b = createRandom(1, 'lungs')
    expect([a.next(), a.next(), a.next()]).toEqual([b.next(), b.next(), b.next()])
    expect(randomBits(1, 2, 3)).toBe(randomBits(1, 2, 3))
  })

  it('has independent forks', () => {
    const parent = createRandom(7)
    const before = parent.fork('x').next()
    parent.next()
    expect(parent.fork('x').next()).toBe(before)
    expect(parent.fork('y').next()).not.toBe(before)
  })

  it('is uniform enough: mean 0.5, variance 1/12, no bin of 16 off by 5 %', () => {
    const random = createRandom(42)
    const n = 160_000
    const bins = new Array<number>(16).fill(0)
    let sum = 0
    let squares = 0
    for (let i = 0; i < n; i++) {
      const x = random.next()
      sum += x
      squares += x * x
      bins[Math.floor(x * 16)]!++
    }
    expect(sum / n).toBeCloseTo(0.5, 2)
    expect(squares / n - (sum / n) ** 2).toBeCloseTo(1 / 12, 2)
    for (const count of bins) expect(Math.abs(count / (n / 16) - 1)).toBeLessThan(0.05)
  })
})
