import { describe, expect, it } from 'vitest'
import { createRandom } from '../../foundation'
import { modelDefinition } from '../models'
import { foldPredictions } from './fold-predictions'
import type { TrainingSet } from './training-set'

const definition = modelDefinition('ccgn-small')
const CHANNELS = 64
const FILMS = 360

/** Films of six separable classes, some of them labelled wrong. */
function cohort(wrong: ReadonlySet<number>): TrainingSet {
  const random = createRandom(1)
  const centres = Array.from({ length: 6 }, () =>
    Float32Array.from({ length: CHANNELS }, () => random.next())
  )
  const vectors = Array.from({ length: FILMS }, (_, i) =>
    centres[i % 6]!.map(value => value + 0.2 * random.normal())
  )
  return {
    count: FILMS,
    entry: 'pooled',
    label: i => (wrong.has(i) ? (i + 2) % 6 : i % 6),
    context: () => [0, 0],
    read: i => Promise.resolve(vectors[i]!)
  }
}

describe('fold predictions', () => {
  it('tell what a film shows, not what its label says', async () => {
    const wrong = new Set([7, 40, 99, 201, 300])
    const folds = Int32Array.from({ length: FILMS }, (_, i) => Math.floor(i / 6) % 4)
    const shares: number[] = []
    const probabilities = await foldPredictions(definition, cohort(wrong), {
      folds,
      seed: 1,
      provider: 'cpu',
      size: definition.defaultSize,
      onProgress: share => void shares.push(share)
    })
    const answerOf = (i: number) => {
      const row = probabilities.subarray(i * 6, i * 6 + 6)
      return row.indexOf(Math.max(...row))
    }
    expect([...wrong].filter(i => answerOf(i) === i % 6)).toHaveLength(wrong.size)
    const right = [...Array(FILMS).keys()].filter(i => answerOf(i) === i % 6).length
    expect(right / FILMS).toBeGreaterThan(0.9)
    expect(shares.at(-1)).toBe(1)
    expect(shares).toEqual([...shares].sort((a, b) => a - b))
  })

  it('refuse a single fold, and stop where the caller stops them', async () => {
    const one = { folds: new Int32Array(FILMS), seed: 1, provider: 'cpu' as const, size: 224 }
    await expect(foldPredictions(definition, cohort(new Set()), one)).rejects.toMatchObject({
      code: 'INVALID_INPUT'
    })
    const folds = Int32Array.from({ length: FILMS }, (_, i) => i % 2)
    const stop = () => {
      throw new Error('stopped')
    }
    await expect(
      foldPredictions(definition, cohort(new Set()), { ...one, folds, onProgress: stop })
    ).rejects.toThrow('stopped')
  })
})
