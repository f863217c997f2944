import { describe, expect, it } from 'vitest'
import { estimateSeconds } from './estimate-time'

const films = { train: 34_598, validation: 4370 }
const seconds = (scope: 'all' | 'last-stage' | 'head', epochs: number) =>
  estimateSeconds({ filmsPerSecond: new Map([['ccgn 512', 2]]), multiplyAddsPerSecond: null }, 'ccgn', {
    ...{ size: 512, scope, epochs, films }
  })

describe('estimated time of a run', () => {
  it('is that of steps and validations of earlier runs', () => {
    // Films of an epoch at two a second, validation forwards only, and once more for the evaluation.
    const passes = 10 * films.train + (10 * films.validation + films.validation) / 3
    expect(seconds('all', 10)).toEqual({ seconds: Math.round(passes / 2 + 15), basis: 'same' })
  })

  it('of a head is hardly more than that of the features, made once', () => {
    const features = (films.train + 2 * films.validation) / 3 / 2
    expect(seconds('head', 10).seconds - features).toBeLessThan(30)
    expect(seconds('head', 10).seconds).toBeGreaterThan(features)
  })

  it('of a last stage lies in between', () => {
    const [head, stage, all] = (['head', 'last-stage', 'all'] as const).map(
      scope => seconds(scope, 10).seconds
    )
    expect(stage).toBeGreaterThan(2 * head!)
    expect(stage).toBeLessThan(all! / 2)
  })

  it('of what is there already is the evaluation alone', () => {
    for (const scope of ['all', 'head'] as const) {
      expect(seconds(scope, 0).seconds).toBe(Math.round(films.validation / 3 / 2 + 15))
    }
  })
})
