import { describe, expect, it } from 'vitest'
import { createRandom } from '../../foundation'
import { modelDefinition, modelParameters } from '../models'
import { PAPER_ADAM } from '../optimizers'
import { freshTensors } from '../weights'
import { startingState, train, type TrainingEvent, type TrainingOptions, type TrainingSet } from './index'

const definition = modelDefinition('ccgn-small')
const SIZE = 32

/** Films whose class shows: a bright band at the height that belongs to the class; context is noise. */
function bandFilms(count: number, seed: number): TrainingSet {
  const random = createRandom(seed, 'bands')
  const films = Array.from({ length: count }, (_, i) => {
    const label = i % 6
    const plane = Float32Array.from({ length: SIZE * SIZE }, (_, place) => {
      const band = Math.floor((Math.floor(place / SIZE) * 6) / SIZE)
      return (band === label ? 0.8 : 0.2) + random.between(-0.1, 0.1)
    })
    return { label, plane, context: [random.normal(), random.normal()] as const }
  })
  return {
    count,
    entry: 'image',
    label: i => films[i]!.label,
    context: i => films[i]!.context,
    read: async i => films[i]!.plane
  }
}

const OPTIONS: TrainingOptions = {
  size: SIZE,
  filmsPerStep: 6,
  batch: 6,
  epochs: 4,
  patience: null,
  schedule: { peak: 2e-3, warmUpSteps: 2, cosineSteps: null },
  optimizer: PAPER_ADAM,
  clipNorm: null,
  layerDecay: 1,
  distillation: 0,
  trains: () => true,
  batchNorm: 'batch',
  labelSmoothing: 0,
  classWeights: [1, 1, 1, 1, 1, 1],
  augmentation: { flip: 0.5, brightness: 0.05, contrast: 0.05 },
  seed: 5,
  provider: 'cpu'
}

function freshState(trains = OPTIONS.trains) {
  const parameters = modelParameters(definition)
  return startingState(
    freshTensors(parameters, 1),
    parameters.filter(({ kind, name }) => kind === 'weight' && trains(name))
  )
}

async function run(state = freshState(), options = OPTIONS, stopAfter = Infinity): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = []
  for await (const event of train(definition, state, bandFilms(36, 1), bandFilms(18, 2), options)) {
    events.push(event)
    if (events.length >= stopAfter) break
  }
  return events
}

// Each run makes two sessions of some thousand nodes, which takes seconds on a busy machine.
describe('train', { timeout: 120_000 }, () => {
  it('learns what can be seen', async () => {
    const events = await run(freshState(), { ...OPTIONS, epochs: 12 })
    const epochs = events.filter(event => event.type === 'epoch')
    expect(epochs).toHaveLength(12)
    expect(epochs.at(-1)!.trainingLoss).toBeLessThan(epochs[0]!.trainingLoss / 3)
    expect(Math.max(...epochs.map(epoch => epoch.validation.macroAuroc!))).toBeGreaterThan(0.95)
    expect(events.at(-1)).toEqual({ type: 'stopped', reason: 'epochs' })
  })

  it('continues from any step to bitwise the same weights', async () => {
    const whole = freshState()
    await run(whole)
    const broken = freshState()
    await run(broken, OPTIONS, 10)
    expect(broken.step).toBeLessThan(whole.step)
    const resumed = structuredClone(broken)
    await run(resumed)
    for (const [name, { data }] of whole.weights) expect(resumed.weights.get(name)!.data).toEqual(data)
  })

  it('adds gradients up: two passes of three films are one of six, batch-norm frozen', async () => {
    const frozen = { ...OPTIONS, batchNorm: 'frozen' as const, augmentation: null, epochs: 1 }
    const [one, two] = [freshState(), freshState()]
    await run(one, frozen)
    await run(two, { ...frozen, batch: 3 })
    const a = one.weights.get('fc.bias')!.data as Float32Array
    const b = two.weights.get('fc.bias')!.data as Float32Array
    a.forEach((value, i) => expect(b[i]).toBeCloseTo(value, 5))
  })

  it('leaves frozen parameters alone', async () => {
    const trains = (name: string) => name.startsWith('gate.') || name.startsWith('fc.')
    const state = freshState(trains)
    const before = structuredClone(state.weights)
    await run(state, { ...OPTIONS, trains, batchNorm: 'frozen', epochs: 1 })
    for (const [name, { data }] of before) {
      if (trains(name)) expect(state.weights.get(name)!.data).not.toEqual(data)
      else expect(state.weights.get(name)!.data).toEqual(data)
    }
  })

  it('stops when validation no longer improves', async () => {
    const state = freshState()
    const events = await run(state, {
      ...OPTIONS,
      schedule: { ...OPTIONS.schedule, peak: 1e-12 },
      patience: 2,
      epochs: 50
    })
    expect(events.at(-1)).toEqual({ type: 'stopped', reason: 'patience' })
    expect(state.epoch).toBeLessThan(50)
  })

  it('stops before the weights are spoilt when the numbers run away', async () => {
    const state = freshState()
    state.weights.get('fc.weight')!.data.fill(NaN as never)
    const before = structuredClone(state.weights)
    await expect(run(state)).rejects.toMatchObject({ code: 'MODEL_REFUSED', detail: { reason: 'diverged' } })
    expect(state.weights).toEqual(before)
    expect(state.step).toBe(0)
  })
})
