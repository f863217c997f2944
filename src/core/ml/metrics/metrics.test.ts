import { describe, expect, it } from 'vitest'
import { createRandom } from '../../foundation'
import { auroc, clusterBootstrap, confusionMatrix, macroF1, quantile, scoresPerClass } from './index'

describe('metrics', () => {
  it('say null where a class gives no answer, and leave it out of the mean', () => {
    const matrix = confusionMatrix([0, 0, 1], [0, 1, 1], 3)
    expect(scoresPerClass(matrix)[2]).toEqual({ support: 0, precision: null, recall: null, f1: null })
    expect(macroF1(matrix)).toBeCloseTo((2 / 3 + 2 / 3) / 2, 12)
    expect(auroc([0.1, 0.2], [true, true])).toBeNull()
  })

  it('interpolate quantiles', () => {
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5)
    expect(quantile([1, 2, 3, 4], 1)).toBe(4)
  })
})

describe('cluster bootstrap', () => {
  it('covers the mean of clustered values about as often as it says', () => {
    let covered = 0
    const simulations = 200
    for (let s = 0; s < simulations; s++) {
      const random = createRandom(s, 'simulation')
      const clusters: string[] = []
      const values: number[] = []
      for (let infant = 0; infant < 40; infant++) {
        const shared = random.normal()
        for (let film = 0; film < 3; film++) {
          clusters.push(`infant ${infant}`)
          values.push(shared + 0.3 * random.normal())
        }
      }
      const interval = clusterBootstrap(
        clusters,
        cases => cases.reduce((sum, i) => sum + values[i]!, 0) / cases.length,
        { resamples: 200, seed: s }
      )!
      if (interval.low <= 0 && 0 <= interval.high) covered++
    }
    // A bootstrap that took films for independent would cover about 0.75 here.
    expect(covered / simulations).toBeGreaterThan(0.88)
  })

  it('is the same for the same seed, and null where the statistic is', () => {
    const run = () => clusterBootstrap(['a', 'b', 'c'], cases => cases[0]!, { resamples: 50, seed: 3 })
    expect(run()).toEqual(run())
    expect(clusterBootstrap(['a'], () => null, { resamples: 5, seed: 1 })).toBeNull()
  })
})
