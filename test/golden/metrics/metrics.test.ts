import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  accuracy,
  aurocPerClass,
  confusionMatrix,
  macroAuroc,
  macroF1,
  scoresPerClass,
  weightedF1
} from '../../../src/core/ml/metrics'

const golden = JSON.parse(readFileSync(new URL('./expected.json', import.meta.url), 'utf8')) as {
  madeBy: string
  cases: {
    truth: number[]
    probabilities: number[]
    predicted: number[]
    confusion: number[][]
    accuracy: number
    f1: number[]
    macroF1: number
    weightedF1: number
    auroc: number[]
    macroAuroc: number
  }[]
}

describe.each(golden.cases)(`metrics against ${golden.madeBy}`, expected => {
  const matrix = confusionMatrix(expected.truth, expected.predicted, 6)

  it('counts and averages alike', () => {
    expect(matrix).toEqual(expected.confusion)
    expect(accuracy(matrix)).toBeCloseTo(expected.accuracy, 12)
    scoresPerClass(matrix).forEach(({ f1 }, k) => expect(f1).toBeCloseTo(expected.f1[k]!, 12))
    expect(macroF1(matrix)).toBeCloseTo(expected.macroF1, 12)
    expect(weightedF1(matrix)).toBeCloseTo(expected.weightedF1, 12)
  })

  it('ranks alike, ties included', () => {
    aurocPerClass(expected.truth, expected.probabilities, 6).forEach((area, k) =>
      expect(area).toBeCloseTo(expected.auroc[k]!, 6)
    )
    expect(macroAuroc(expected.truth, expected.probabilities, 6)).toBeCloseTo(expected.macroAuroc, 6)
  })
})
