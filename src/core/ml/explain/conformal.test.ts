import { describe, expect, it } from 'vitest'
import { createRandom } from '../../foundation'
import { adaptiveScores, calibrationScores, conformalSet, conformalThreshold } from './conformal'

describe('conformal sets', () => {
  it('score a class by the probability of all ranked above it, its own included', () => {
    const scores = adaptiveScores([0.1, 0.6, 0.3])
    expect(scores[1]).toBeCloseTo(0.6)
    expect(scores[2]).toBeCloseTo(0.9)
    expect(scores[0]).toBeCloseTo(1)
  })

  it('take the rank that split conformal prediction asks for, and none that there is not', () => {
    const scores = Array.from({ length: 19 }, (_, i) => (i + 1) / 20)
    expect(conformalThreshold(scores, 0.95)).toBe(0.95)
    expect(conformalThreshold(scores, 0.9)).toBe(0.9)
    expect(conformalThreshold(scores.slice(0, 18), 0.95)).toBeNull()
    expect(conformalThreshold([], 0.5)).toBeNull()
  })

  it('are never empty and hold the more probable class first', () => {
    expect(conformalSet([0.2, 0.5, 0.3], 0.1)).toEqual([1])
    expect(conformalSet([0.2, 0.5, 0.3], 0.85)).toEqual([1, 2])
  })

  it('take one film of each infant', () => {
    const films = Array.from({ length: 40 }, (_, i) => ({
      probabilities: [0.5, 0.5],
      label: 0,
      infant: `infant ${i % 8}`
    }))
    expect(calibrationScores(films, 1)).toHaveLength(8)
  })

  it('cover what they state over many infants, films of one infant being alike', () => {
    const random = createRandom(11, 'coverage')
    const CLASSES = 6
    /** An overconfident model, and infants of whom one has many films and another few. */
    const infantsFilms = (infant: string) => {
      const label = random.integer(0, CLASSES - 1)
      const shift = Array.from({ length: CLASSES }, () => random.normal())
      return Array.from({ length: random.integer(1, 9) }, () => {
        const powers = shift.map((value, k) =>
          Math.exp(3 * (value + 0.3 * random.normal() + (k === label ? 1 : 0)))
        )
        const sum = powers.reduce((total, power) => total + power, 0)
        return { probabilities: powers.map(power => power / sum), label, infant }
      })
    }
    for (const coverage of [0.8, 0.9, 0.95]) {
      let covered = 0
      let asked = 0
      for (let trial = 0; trial < 60; trial++) {
        const calibration = Array.from({ length: 100 }, (_, i) => infantsFilms(`c${i}`)).flat()
        const threshold = conformalThreshold(calibrationScores(calibration, trial), coverage)!
        for (let i = 0; i < 100; i++) {
          const films = infantsFilms(`t${i}`)
          const { probabilities, label } = random.pick(films)
          covered += conformalSet(probabilities, threshold).includes(label) ? 1 : 0
          asked++
        }
      }
      // 6000 sets over 60 calibrations: two standard errors are about 0.01. Above it by what a set that is never empty adds.
      expect(covered / asked).toBeGreaterThan(coverage - 0.015)
      expect(covered / asked).toBeLessThan(coverage + 0.05)
    }
  })
})
