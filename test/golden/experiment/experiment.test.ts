import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  bootstrapFigures,
  createStatistics,
  meanStatistics,
  standardDeviation,
  type Statistics
} from '../../../src/core/ml/evaluation'

type Figures = Record<'macroF1' | 'weightedF1' | 'macroAuroc', number> & { f1: number[] }
const golden = JSON.parse(readFileSync(new URL('./expected.json', import.meta.url), 'utf8')) as {
  madeBy: string
  truth: number[]
  infants: number[]
  logits: Record<'a' | 'b', number[][]>
  draws: { weights: number[]; a: Figures; b: Figures }[]
  spread: Record<'a' | 'b', Record<'macroF1' | 'macroAuroc', number>>
}
const infants = Int32Array.from(golden.infants)
const runs = (name: 'a' | 'b') =>
  golden.logits[name].map(logits =>
    createStatistics(
      { classes: 6, truth: Uint8Array.from(golden.truth), logits: Float32Array.from(logits), infants },
      { calibration: null, groupings: [], detail: false }
    )
  ) as [Statistics, ...Statistics[]]

describe(`an experiment's tables against ${golden.madeBy}`, () => {
  it.each(['a', 'b'] as const)('have the same means over seeds on every resample: method %s', name => {
    const statistics = meanStatistics(runs(name))
    const out = new Float64Array(statistics.count)
    for (const draw of golden.draws) {
      statistics.compute(Float64Array.from(draw.weights), out)
      for (const figure of ['macroF1', 'weightedF1', 'macroAuroc'] as const) {
        expect(out[statistics.places.overall[figure]], figure).toBeCloseTo(draw[name][figure], 9)
      }
      statistics.places.perClass.forEach(({ f1 }, k) => expect(out[f1]).toBeCloseTo(draw[name].f1[k]!, 9))
    }
  })

  it('have the same differences', () => {
    const { differences } = lastOf(
      bootstrapFigures(infants, [meanStatistics(runs('a')), meanStatistics(runs('b'))], {
        resamples: 200,
        seed: 1
      })
    )
    const [{ a, b }] = golden.draws as [(typeof golden.draws)[number]]
    const { overall, perClass } = differences[1]!
    expect(overall.macroF1!.estimate).toBeCloseTo(b.macroF1 - a.macroF1, 9)
    perClass.forEach(({ f1 }, k) => expect(f1!.estimate).toBeCloseTo(b.f1[k]! - a.f1[k]!, 9))
    expect(overall.macroF1!.low).toBeGreaterThan(0)
  })

  it.each(['a', 'b'] as const)('have the same spread over seeds: method %s', name => {
    for (const figure of ['macroF1', 'macroAuroc'] as const) {
      const values = runs(name).map(({ places, count, compute }) => {
        const out = new Float64Array(count)
        compute(new Float64Array(infants.length).fill(1), out)
        return out[places.overall[figure]]!
      })
      expect(standardDeviation(values)).toBeCloseTo(golden.spread[name][figure], 9)
    }
  })
})

describe('a standard deviation', () => {
  it('does not exist of one value, or where a run lacks the figure', () => {
    expect(standardDeviation([0.5])).toBeNull()
    expect(standardDeviation([0.5, NaN])).toBeNull()
  })
})

function lastOf<Value>(steps: Generator<unknown, Value>): Value {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}
