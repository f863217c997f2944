import { describe, expect, it } from 'vitest'
import { createRandom } from '../../foundation'
import { modelDefinition, modelParameters } from '../models'
import { PAPER_ADAM } from '../optimizers'
import { freshTensors } from '../weights'
import { startingState, train, type TrainingEvent, type TrainingSet } from './index'

/** Films without pixels, whose class is told by GA alone. */
function byAge(count: number, seed: number): TrainingSet {
  const random = createRandom(seed, 'ages')
  const contexts = Array.from(
    { length: count },
    (_, i) => [(i % 6) - 2.5 + random.between(-0.2, 0.2), 0] as const
  )
  return {
    count,
    entry: 'pooled',
    label: i => i % 6,
    context: i => contexts[i]!,
    read: async () => new Float32Array(0)
  }
}

describe.each(['context-logistic', 'context-mlp'])('%s', method => {
  it('is trained without an image, and learns what GA tells', async () => {
    const definition = modelDefinition(method)
    const parameters = modelParameters(definition)
    const state = startingState(freshTensors(parameters, 1), parameters)
    const options = {
      size: 512,
      filmsPerStep: 30,
      batch: 15,
      epochs: 60,
      patience: null,
      schedule: { peak: 5e-2, warmUpSteps: 0, cosineSteps: null },
      optimizer: PAPER_ADAM,
      clipNorm: null,
      layerDecay: 1,
      distillation: 0,
      trains: () => true,
      batchNorm: 'frozen' as const,
      labelSmoothing: 0,
      classWeights: [1, 1, 1, 1, 1, 1],
      augmentation: null,
      seed: 5,
      provider: 'cpu' as const
    }
    const events: TrainingEvent[] = []
    for await (const event of train(definition, state, byAge(60, 1), byAge(36, 2), options))
      events.push(event)
    const last = events.filter(event => event.type === 'epoch').at(-1)!
    expect(last.validation.macroAuroc!).toBeGreaterThan(0.95)
  })
})
