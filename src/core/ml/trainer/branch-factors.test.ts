import { describe, expect, it } from 'vitest'
import { branchFactors } from './branch-factors'

const BRANCHES = [
  { input: 'a', probability: 0.2 },
  { input: 'b', probability: 0.5 }
]

const drawn = (films: readonly number[], epoch = 1) =>
  branchFactors(BRANCHES, { seed: 7, epoch, films, batch: films.length })
const values = (films: readonly number[], input: string, epoch?: number) =>
  Array.from(drawn(films, epoch)[input]!.data as Float32Array)

describe('branch factors', () => {
  const many = [...Array(4000).keys()]

  it('leave out the share asked for, and keep the mean at one', () => {
    for (const { input, probability } of BRANCHES) {
      const factors = values(many, input)
      const left = factors.filter(factor => factor === 0).length / many.length
      expect(Math.abs(left - probability)).toBeLessThan(0.03)
      for (const factor of factors) if (factor !== 0) expect(factor).toBeCloseTo(1 / (1 - probability), 6)
    }
  })

  it('do not depend on the other films of the batch, but on the epoch and the branch', () => {
    expect([...values([0, 1, 2], 'b'), ...values([3, 4], 'b')]).toEqual(values([0, 1, 2, 3, 4], 'b'))
    expect(values(many, 'b', 2)).not.toEqual(values(many, 'b', 1))
    expect(values(many, 'b').map(Boolean)).not.toEqual(values(many, 'a').map(Boolean))
  })

  it('are one in places without a film', () => {
    const { a } = branchFactors(BRANCHES, { seed: 7, epoch: 0, films: [], batch: 2 })
    expect(a!.data).toEqual(Float32Array.of(1, 1))
  })
})
