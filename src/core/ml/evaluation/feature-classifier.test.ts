import { describe, expect, it } from 'vitest'
import { createRandom } from '../../foundation'
import { fitFeatureClassifier, type ClassifierKind } from './feature-classifier'

const CLASSES = 3

/** Two features; the class follows from the first alone (by sectors), unknown now and then. */
function films(count: number, seed: number) {
  const random = createRandom(seed, 'films')
  const features = new Float64Array(2 * count)
  const truth = new Uint8Array(count)
  for (let film = 0; film < count; film++) {
    truth[film] = random.integer(0, 2)
    features[2 * film] = random.chance(0.1) ? NaN : random.normal(200 + 30 * truth[film]!, 8)
    features[2 * film + 1] = random.normal(2000, 500)
  }
  return { features, width: 2, truth, classes: CLASSES }
}

function fit(kind: ClassifierKind, data: ReturnType<typeof films>, seed = 1) {
  const steps = fitFeatureClassifier(kind, data, seed)
  let step = steps.next()
  while (!step.done) step = steps.next()
  return step.value
}

/** Share of films whose largest logit is the label's. */
function accuracy(logits: Float32Array, truth: Uint8Array): number {
  const right = truth.filter((label, film) => {
    const row = logits.subarray(film * CLASSES, (film + 1) * CLASSES)
    return row.indexOf(Math.max(...row)) === label
  })
  return right.length / truth.length
}

describe.each(['logistic', 'mlp'] as const)('%s classifier of features', kind => {
  it('learns what the features tell about films it has not seen, and copes with unknown ones', () => {
    const classifier = fit(kind, films(400, 1))
    const unseen = films(400, 2)
    expect(accuracy(classifier.logits(unseen.features), unseen.truth)).toBeGreaterThan(0.8)
  })

  it('is the same for the same seed', () => {
    const data = films(50, 3)
    expect(fit(kind, data).logits(data.features)).toEqual(fit(kind, data).logits(data.features))
  })

  it('learns nothing from features that tell nothing', () => {
    const data = films(600, 4)
    const shuffled = { ...data, truth: Uint8Array.from(createRandom(9, 'x').shuffle([...data.truth])) }
    const classifier = fit(kind, shuffled)
    const unseen = films(600, 5)
    const random = Uint8Array.from(createRandom(10, 'x').shuffle([...unseen.truth]))
    expect(accuracy(classifier.logits(unseen.features), random)).toBeLessThan(0.45)
  })
})
