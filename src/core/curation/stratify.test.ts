import { describe, expect, it } from 'vitest'
import { createRandom } from '../foundation'
import { PAPER_PROPORTIONS, readProportions, SIDES, type Proportions } from './sides'
import { stratify, type Unit } from './stratify'

const unit = (id: string, count = 1, stratum = 'a', fixed: Unit['fixed'] = null): Unit => ({
  id,
  films: [
    { stratum, count },
    { stratum: 'infant', count: 1, everywhere: true }
  ],
  fixed
})
const several = (count: number, make: (index: number) => Unit) =>
  Array.from({ length: count }, (_, index) => make(index))

function countsOf(units: readonly Unit[], sides: readonly string[]): Record<string, number[]> {
  const counts: Record<string, number[]> = {}
  units.forEach(({ films }, index) => {
    for (const { stratum, count } of films) {
      const row = (counts[stratum] ??= [0, 0, 0])
      row[SIDES.indexOf(sides[index] as 'train')]! += count
    }
  })
  return counts
}

describe('readProportions', () => {
  it('reads percentages and fractions', () => {
    expect(readProportions([80, 10, 10])).toEqual([0.8, 0.1, 0.1])
    expect(readProportions([0.5, 0.25, 0.25])).toEqual([0.5, 0.25, 0.25])
  })

  it.each([[[80, 10, 20]], [[80, 20]], [[100, 0, 0]], [[90, 20, -10]], [[Number.NaN, 50, 50]], [[]]])(
    'refuses %j',
    shares => {
      expect(() => readProportions(shares)).toThrow(/not three positive shares/)
    }
  )

  it('has the paper’s as default', () => {
    expect(PAPER_PROPORTIONS.map(share => Math.round(share * 43_338))).toEqual([34_598, 4_370, 4_370])
  })
})

describe('stratify', () => {
  const eighty: Proportions = [0.8, 0.1, 0.1]

  it('divides equal units exactly', () => {
    const units = several(100, index => unit(`u${index}`, 1, index < 70 ? 'a' : 'b'))
    const sides = stratify(units, eighty, 1)
    expect(countsOf(units, sides)).toMatchObject({ a: [56, 7, 7], b: [24, 3, 3] })
  })

  it('divides units of unequal size where an exact division exists', () => {
    const units = [unit('big', 8), unit('one', 1), unit('other', 1)]
    for (const seed of [1, 2, 3]) {
      expect(countsOf(units, stratify(units, eighty, seed))).toMatchObject({ a: [8, 1, 1] })
    }
  })

  it('leaves no side empty, down to three units', () => {
    for (const seed of [1, 2, 3, 4]) {
      const sides = stratify([unit('a', 5), unit('b', 1), unit('c', 9)], eighty, seed)
      expect([...sides].sort()).toEqual(['test', 'train', 'validation'])
    }
  })

  it('gives every side some of what is to be everywhere, at the least cost, where there are units enough', () => {
    const rare = [20, 3, 2].map((count, index): Unit => ({
      id: `rare${index}`,
      films: [
        { stratum: 'a', count },
        { stratum: 'rare', count, everywhere: true }
      ],
      fixed: null
    }))
    const common = several(200, index => unit(`u${index}`, 1 + (index % 4)))
    for (let seed = 0; seed < 50; seed++) {
      const sides = stratify([...common, ...rare], eighty, seed)
      const [train, validation, test] = countsOf([...common, ...rare], sides)['rare']!
      expect([train, validation! + test!]).toEqual([20, 5])
      expect(Math.min(validation!, test!)).toBe(2)
    }
  })

  it('keeps what is fixed and fills up around it', () => {
    const kept = several(10, index => unit(`kept${index}`, 1, 'a', 'test'))
    const units = [...kept, ...several(90, index => unit(`new${index}`))]
    const sides = stratify(units, eighty, 1)
    expect(sides.slice(0, 10)).toEqual(Array(10).fill('test'))
    expect(countsOf(units, sides)).toMatchObject({ a: [80, 10, 10] })
  })

  it('depends on the seed, and not on the order of the units', () => {
    const random = createRandom(5)
    const units = several(300, index => unit(`u${index}`, random.integer(1, 9), `s${index % 4}`))
    const bySeed = (seed: number, order: readonly Unit[]) => {
      const sides = stratify(order, eighty, seed)
      return Object.fromEntries(order.map(({ id }, index) => [id, sides[index]]).sort())
    }
    expect(bySeed(1, random.shuffle(units))).toEqual(bySeed(1, units))
    expect(bySeed(2, units)).not.toEqual(bySeed(1, units))
  })

  it('puts units on the test side by chance: over many seeds each is there as often as the proportions say', () => {
    const units = several(60, index => unit(`u${index}`, 1 + (index % 3)))
    const times = new Map(units.map(({ id }) => [id, 0]))
    const runs = 1000
    for (let seed = 0; seed < runs; seed++) {
      stratify(units, eighty, seed).forEach((side, index) => {
        const { id } = units[index]!
        if (side === 'test') times.set(id, times.get(id)! + 1)
      })
    }
    // 5 standard deviations of a binomial count around what units of this size get.
    for (const size of [1, 2, 3]) {
      const group = units.filter(({ films }) => films[0]!.count === size).map(({ id }) => times.get(id)!)
      const mean = group.reduce((sum, count) => sum + count, 0) / group.length
      expect(mean).toBeGreaterThan(0.05 * runs)
      const spread = 5 * Math.sqrt(mean * (1 - mean / runs))
      for (const count of group) expect(Math.abs(count - mean)).toBeLessThan(spread)
    }
  })
})
