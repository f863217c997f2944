import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  calibrate,
  createStatistics,
  curvePoints,
  DECISION_THRESHOLDS,
  FALSE_POSITIVE_RATES,
  RECALLS,
  type Cases,
  type ClassName,
  type OverallName
} from '../../../src/core/ml/evaluation'

type Expected = Record<string, number | number[] | number[][]>
const golden = JSON.parse(readFileSync(new URL('./expected.json', import.meta.url), 'utf8')) as {
  madeBy: string
  grid: number[]
  netBenefitAt: number[]
  cases: {
    truth: number[]
    infants: number[]
    logits: number[]
    temperature: number
    thresholds: number[]
    ece: number
    figures: Expected
    weights: number[]
    weighted: Expected
  }[]
}

const PER_CLASS = ['precision', 'recall', 'specificity', 'f1', 'auroc', 'auprc'] satisfies ClassName[]
const OVERALL = [
  ...(['macroPrecision', 'macroRecall', 'macroF1', 'macroAuroc', 'macroAuprc'] as const),
  ...(['weightedPrecision', 'weightedRecall', 'weightedF1', 'weightedAuroc', 'nll', 'brier'] as const)
] satisfies OverallName[]

describe.each(golden.cases)(`evaluation against ${golden.madeBy}`, expected => {
  const cases: Cases = {
    classes: 6,
    truth: Uint8Array.from(expected.truth),
    logits: Float32Array.from(expected.logits),
    infants: Int32Array.from(expected.infants)
  }
  const statistics = createStatistics(cases, { calibration: calibrate(cases), groupings: [], detail: true })
  const compute = (weights: number[]) => {
    const out = new Float64Array(statistics.count)
    statistics.compute(Float64Array.from(weights), out)
    return out
  }

  it.each([
    ['all films once', expected.figures, expected.truth.map(() => 1)],
    ['a resample of infants', expected.weighted, expected.weights]
  ])('computes every figure alike: %s', (_, figures, weights) => {
    const out = compute(weights)
    for (const name of OVERALL) {
      expect(out[statistics.places.overall[name]], name).toBeCloseTo(figures[name] as number, 9)
    }
    for (const name of PER_CLASS) {
      statistics.places.perClass.forEach((places, k) =>
        expect(out[places[name]], `${name} ${k}`).toBeCloseTo((figures[name] as number[])[k]!, 9)
      )
    }
    const table = (name: string, k: number) => (figures[name] as number[][])[k]!
    statistics.places.curves!.perClass.forEach(({ roc, precisionRecall, netBenefit }, k) => {
      golden.grid.forEach((x, i) => {
        expect(out[roc[FALSE_POSITIVE_RATES.indexOf(x)]!]).toBeCloseTo(table('rocAt', k)[i]!, 9)
        expect(out[precisionRecall[RECALLS.indexOf(x)]!]).toBeCloseTo(table('precisionAt', k)[i]!, 9)
      })
      golden.netBenefitAt.forEach((t, i) =>
        expect(out[netBenefit[DECISION_THRESHOLDS.indexOf(t)]!]).toBeCloseTo(table('netBenefit', k)[i]!, 9)
      )
    })
  })

  it('counts the calibration error alike', () => {
    expect(compute(expected.truth.map(() => 1))[statistics.places.overall.ece]).toBeCloseTo(expected.ece, 9)
  })

  it('fits temperature and thresholds alike', () => {
    const { temperature, thresholds } = calibrate(cases)
    expect(temperature).toBeCloseTo(expected.temperature, 4)
    thresholds.forEach((threshold, k) => expect(threshold).toBeCloseTo(expected.thresholds[k]!, 9))
  })

  it('draws curves whose areas are the figures', () => {
    for (let k = 0; k < 6; k++) {
      const { roc, precisionRecall } = curvePoints(cases, k)
      const area = roc.slice(1).reduce((sum, [x, y], i) => sum + ((x - roc[i]![0]) * (y + roc[i]![1])) / 2, 0)
      expect(area).toBeCloseTo((expected.figures.auroc as number[])[k]!, 9)
      const precision = precisionRecall.reduce(
        (sum, [recall, value], i) => sum + (recall - (precisionRecall[i - 1]?.[0] ?? 0)) * value,
        0
      )
      expect(precision).toBeCloseTo((expected.figures.auprc as number[])[k]!, 9)
    }
  })
})
