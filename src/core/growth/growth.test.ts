import { describe, expect, it } from 'vitest'
import { assessContext } from './assess-context'
import { birthWeightAt, birthWeightZScore } from './birth-weight-standard'
import { growthCurves } from './growth-curves'

const days = (weeks: number, extra = 0) => weeks * 7 + extra

/**
 * Published values, kg: z-score tables of the INTERGROWTH-21st newborn (33+0 on) and very preterm (below) size at birth
 * standards, columns -3 SD to +3 SD; and their centile tables, which were published separately.
 */
const SD_ROWS: ['M' | 'F', number, number[]][] = [
  ['M', days(24), [0.36, 0.43, 0.53, 0.64, 0.77, 0.94, 1.14]],
  ['M', days(28), [0.6, 0.73, 0.88, 1.07, 1.3, 1.58, 1.92]],
  ['M', days(32, 6), [1.08, 1.31, 1.59, 1.92, 2.33, 2.83, 3.43]],
  ['F', days(24), [0.34, 0.41, 0.5, 0.6, 0.73, 0.89, 1.07]],
  ['F', days(28), [0.57, 0.69, 0.84, 1.01, 1.23, 1.49, 1.81]],
  ['F', days(32, 6), [1.02, 1.23, 1.5, 1.82, 2.2, 2.67, 3.24]],
  ['M', days(33), [0.63, 1.13, 1.55, 1.95, 2.39, 2.88, 3.47]],
  ['M', days(40), [2.1, 2.58, 2.99, 3.38, 3.81, 4.29, 4.86]],
  ['M', days(42, 6), [2.43, 2.91, 3.32, 3.71, 4.13, 4.6, 5.18]],
  ['F', days(33), [0.75, 1.15, 1.5, 1.85, 2.23, 2.66, 3.16]],
  ['F', days(40), [2.06, 2.5, 2.88, 3.26, 3.68, 4.14, 4.7]],
  ['F', days(42, 6), [2.3, 2.75, 3.14, 3.53, 3.96, 4.43, 5.0]]
]
const CENTILES = { 3: -1.8808, 10: -1.2816, 50: 0, 90: 1.2816, 97: 1.8808 }
const CENTILE_ROWS: ['M' | 'F', number, Record<keyof typeof CENTILES, number>][] = [
  ['M', days(28), { 3: 0.75, 10: 0.84, 50: 1.07, 90: 1.37, 97: 1.54 }],
  ['M', days(36, 3), { 3: 2.02, 10: 2.27, 50: 2.78, 90: 3.34, 97: 3.63 }],
  ['M', days(40), { 3: 2.63, 10: 2.88, 50: 3.38, 90: 3.94, 97: 4.22 }],
  ['F', days(28), { 3: 0.7, 10: 0.79, 50: 1.01, 90: 1.3, 97: 1.46 }],
  ['F', days(36, 3), { 3: 2.0, 10: 2.23, 50: 2.69, 90: 3.21, 97: 3.48 }],
  ['F', days(40), { 3: 2.55, 10: 2.79, 50: 3.26, 90: 3.8, 97: 4.08 }]
]

describe('birth weight z-score', () => {
  it.each(SD_ROWS)('follows the published SD columns: %s at %i days', (sex, gaDays, kilograms) => {
    kilograms.forEach((kg, column) => {
      // Half a step of the published rounding, as a z-score at that weight.
      const low = birthWeightZScore(gaDays, kg * 1000 - 5.5, sex)
      const high = birthWeightZScore(gaDays, kg * 1000 + 5.5, sex)
      expect(low).toBeLessThanOrEqual(column - 3)
      expect(high).toBeGreaterThanOrEqual(column - 3)
    })
  })

  it.each(CENTILE_ROWS)('agrees with the published centiles: %s at %i days', (sex, gaDays, row) => {
    for (const [centile, z] of Object.entries(CENTILES)) {
      const kg = row[Number(centile) as keyof typeof CENTILES]
      expect(Math.abs(birthWeightZScore(gaDays, kg * 1000, sex) - z)).toBeLessThan(0.07)
    }
  })

  it('grows with weight and, but for the published seam at 33+0, falls with age', () => {
    for (const sex of ['M', 'F'] as const) {
      for (let gaDays = 154; gaDays <= 314; gaDays++) {
        let last = -Infinity
        for (let grams = 200; grams <= 6500; grams += 100) {
          const z = birthWeightZScore(gaDays, grams, sex)
          expect(z).toBeGreaterThan(last)
          last = z
        }
        if (gaDays > 154 && gaDays !== 231) {
          expect(birthWeightZScore(gaDays, 2000, sex)).toBeLessThanOrEqual(
            birthWeightZScore(gaDays - 1, 2000, sex)
          )
        }
      }
    }
  })
})

describe('growth curves', () => {
  it.each(SD_ROWS)('pass through the published SD columns: %s at %i days', (sex, gaDays, kilograms) => {
    // Half a step of the published rounding; the very preterm formula's own coefficients are rounded as well.
    kilograms.forEach((kg, column) =>
      expect(Math.abs(birthWeightAt(gaDays, column - 3, sex) / 1000 - kg)).toBeLessThan(0.0056)
    )
  })

  it.each(CENTILE_ROWS)('lie at the published centiles: %s at %i days', (sex, gaDays, row) => {
    for (const [centile, z] of Object.entries(CENTILES)) {
      const kg = row[Number(centile) as keyof typeof CENTILES]
      expect(Math.abs(birthWeightAt(gaDays, z, sex) / 1000 / kg - 1)).toBeLessThan(0.015)
    }
  })

  it('are z-scores read the other way', () => {
    for (const gaDays of [154, 200, 230, 231, 280, 300, 314])
      for (const z of [-3, -1.88, 0, 0.4, 2, 3])
        expect(birthWeightZScore(gaDays, birthWeightAt(gaDays, z, 'F'), 'F')).toBeCloseTo(z, 9)
  })

  it('are those of the sex, of both where it is not known, and say where they are continued', () => {
    const { days: at, curves, published } = growthCurves('M')
    expect(curves.map(({ z }) => z)).toEqual([-2, -1, 0, 1, 2])
    expect(curves[2]!.grams[at.indexOf(days(40))]).toBe(3380)
    expect([at[0], at.at(-1)]).toEqual([154, 314])
    expect(published).toEqual({ first: days(24), last: days(42, 6) })
    expect(growthCurves(null).curves.map(({ sex, z }) => `${sex}${z}`)).toEqual([
      'M-2',
      'M0',
      'M2',
      'F-2',
      'F0',
      'F2'
    ])
  })
})

describe('assessment', () => {
  const assess = (
    gaDays: number | null,
    bwGrams: number | null,
    sex: 'M' | 'F' | null = 'M',
    ageHours: number | null = null
  ) => assessContext({ gaDays, bwGrams, sex, ageHours })

  it('finds nothing in an ordinary infant', () => {
    expect(assess(days(40), 3380)).toEqual({
      state: 'ok',
      zScore: expect.closeTo(0, 2),
      reference: 'INTERGROWTH-21st',
      findings: []
    })
  })

  it('names what is missing, and claims no z-score then', () => {
    expect(assess(null, 1200)).toMatchObject({
      state: 'missing',
      zScore: null,
      findings: [{ kind: 'missing-ga', severity: 'note', suggestion: null }]
    })
    expect(assess(null, null).findings.map(finding => finding.kind)).toEqual(['missing-ga', 'missing-bw'])
  })

  it.each([
    [2.95, 'ok'],
    [3.05, 'warn'],
    [4.05, 'confirm'],
    [5.05, 'blocked'],
    [-3.05, 'warn'],
    [-4.05, 'confirm'],
    [-5.05, 'blocked']
  ])('grades z = %f as %s', (z, state) => {
    const gaDays = days(28)
    const grams = 1000 * Math.exp(-7.00303 + 1.325911 * Math.sqrt(28) + 0.0571937 + z * Math.sqrt(0.0373218))
    const assessment = assess(gaDays, grams)
    expect(assessment.zScore).toBeCloseTo(z, 6)
    expect(assessment.state).toBe(state)
    if (state !== 'ok') {
      expect(assessment.findings.at(-1)!.kind).toBe(z < 0 ? 'small-for-ga' : 'large-for-ga')
    }
  })

  it('takes the more forgiving sex where it is not known', () => {
    const [male, female] = [assess(days(28), 500, 'M'), assess(days(28), 500, 'F')]
    expect(Math.abs(female.zScore!)).toBeLessThan(Math.abs(male.zScore!))
    expect(assess(days(28), 500, null).zScore).toBe(female.zScore)
    expect(assess(days(28), 2500, null).zScore).toBe(assess(days(28), 2500, 'M').zScore)
  })

  it('says where no published value exists', () => {
    expect(assess(days(22, 3), 500).reference).toContain('below 24+0')
    expect(assess(days(43, 1), 3900).reference).toContain('above 42+6')
    expect(assess(days(24), 640).reference).toBe('INTERGROWTH-21st')
    expect(assess(days(42, 6), 3700).reference).toBe('INTERGROWTH-21st')
  })

  it.each([
    ['kilograms typed as grams', [206, 1.25, null], 'bw-in-kilograms', [206, 1250]],
    ['weeks typed as days', [29, 1250, null], 'ga-in-weeks', [203, 1250]],
    ['decimal weeks typed as days', [29.43, 1250, null], 'ga-in-weeks', [206, 1250]],
    ['days typed as weeks', [206 * 7, 1250, null], 'ga-in-days', [206, 1250]],
    ['age at the film typed as GA', [days(38), 900, 70 * 24], 'post-menstrual-age-as-ga', [days(28), 900]],
    ['fields swapped, days', [1250, 206, null], 'swapped-fields', [206, 1250]],
    ['fields swapped, weeks field', [1250 * 7, 29, null], 'swapped-fields', [203, 1250]],
    ['no digits to swap', [days(27), 9020, null], 'swapped-digits', null],
    ['digits of the weight swapped', [days(28), 2150, null], 'swapped-digits', [days(28), 1250]],
    ['digits of the weeks swapped', [days(42), 750, null], 'swapped-digits', [days(24), 750]]
  ] as [string, [number, number, number | null], string, [number, number] | null][])(
    'tells %s',
    (_, [gaDays, bwGrams, ageHours], kind, corrected) => {
      const { state, findings } = assess(gaDays, bwGrams, 'F', ageHours)
      const found = findings.find(finding => finding.kind === kind)
      if (corrected === null) {
        // 9020 g with two neighbouring digits exchanged is still no weight of 27 weeks: nothing is suggested.
        expect(found).toBeUndefined()
        expect(state).toBe('blocked')
        return
      }
      const [ga, bw] = corrected
      expect(found?.suggestion).toEqual({ gaDays: ga, bwGrams: bw, sex: 'F' })
      expect(['warn', 'confirm', 'blocked']).toContain(state)
      expect(assess(ga, bw, 'F', ageHours).state).toBe('ok')
    }
  )

  it('corrects two wrong units at once, and one where the other value is missing', () => {
    expect(assess(29, 1.25).findings.map(finding => [finding.kind, finding.suggestion])).toEqual([
      ['bw-in-kilograms', { gaDays: 203, bwGrams: 1250, sex: 'M' }],
      ['ga-in-weeks', { gaDays: 203, bwGrams: 1250, sex: 'M' }],
      ['out-of-range', null]
    ])
    expect(assess(null, 1.25).findings[0]).toMatchObject({
      kind: 'bw-in-kilograms',
      suggestion: { gaDays: null, bwGrams: 1250 }
    })
  })

  it('suggests nothing to an ordinary infant, whatever its digits, at any age of the film', () => {
    for (let weeks = 23; weeks <= 42; weeks++) {
      for (const z of [-2, -1, 0, 1, 2]) {
        for (let grams = 300; grams < 6000; grams += 37) {
          if (Math.abs(birthWeightZScore(days(weeks), grams, 'M') - z) > 0.5) continue
          expect(assess(days(weeks), grams, 'M', 24 * 60).findings).toEqual([])
        }
      }
    }
  })

  it('suggests only what brings |z| down by two or more and to two or less', () => {
    let suggested = 0
    for (let gaDays = 154; gaDays <= 314; gaDays += 3) {
      for (let grams = 200; grams <= 6500; grams += 41) {
        const { zScore, findings } = assess(gaDays, grams, null, 24 * 45)
        for (const { suggestion } of findings) {
          if (!suggestion) continue
          suggested++
          const after = assess(suggestion.gaDays, suggestion.bwGrams, null).zScore!
          expect(Math.abs(after)).toBeLessThanOrEqual(2)
          expect(Math.abs(zScore!) - Math.abs(after)).toBeGreaterThanOrEqual(2)
        }
      }
    }
    expect(suggested).toBeGreaterThan(100)
  })
})
