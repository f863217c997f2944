import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  classAgreement,
  cohenKappa,
  fleissKappa,
  gwetAc1,
  krippendorffAlpha,
  pairOf,
  pairwiseAgreement,
  percentAgreement,
  valueOf,
  type Ratings
} from '../../../src/core/agreement'

type Case = { ratings: Ratings; readings: number } & Record<
  'percent' | 'cohen' | 'linear' | 'quadratic' | 'class5' | 'pairwise' | 'fleiss' | 'krippendorff' | 'gwet',
  number
>
const golden = JSON.parse(readFileSync(new URL('./expected.json', import.meta.url), 'utf8')) as {
  madeBy: string
  cases: Case[]
  published: {
    krippendorffC: { ratings: Ratings; classes: number; alpha: number; ac1: number }
    fleiss1971: { ratings: Ratings; classes: number; readings: number; kappa: number }
  }
}
const CLASSES = 6

describe.each(golden.cases)(`agreement against ${golden.madeBy} and plain definitions`, expected => {
  const { ratings, readings } = expected

  it.each([
    ['percent', percentAgreement(CLASSES)],
    ['cohen', cohenKappa(CLASSES)],
    ['linear', cohenKappa(CLASSES, 'linear')],
    ['quadratic', cohenKappa(CLASSES, 'quadratic')],
    ['class5', classAgreement(CLASSES, 5)]
  ] as const)('of two readers: %s', (name, statistic) => {
    expect(valueOf(statistic, pairOf(ratings, 0, 1))).toBeCloseTo(expected[name], 12)
  })

  it.each([
    ['pairwise', pairwiseAgreement(CLASSES)],
    ['fleiss', fleissKappa(CLASSES, readings)],
    ['krippendorff', krippendorffAlpha(CLASSES)],
    ['gwet', gwetAc1(CLASSES)]
  ] as const)('of all readers: %s', (name, statistic) => {
    expect(valueOf(statistic, ratings)).toBeCloseTo(expected[name], 12)
  })
})

describe('published worked examples', () => {
  const { krippendorffC, fleiss1971 } = golden.published

  it('of Krippendorff, with readings missing', () => {
    expect(valueOf(krippendorffAlpha(krippendorffC.classes), krippendorffC.ratings)).toBeCloseTo(0.743, 3)
    expect(valueOf(gwetAc1(krippendorffC.classes), krippendorffC.ratings)).toBeCloseTo(0.775, 3)
  })

  it('of Fleiss', () => {
    const { classes, readings, ratings } = fleiss1971
    expect(valueOf(fleissKappa(classes, readings), ratings)).toBeCloseTo(0.21, 3)
  })
})
