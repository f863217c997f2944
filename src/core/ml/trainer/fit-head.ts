import { createGraphBuilder, type Parameter, type Tensor } from '../graph'
import { buildFrom, entryShape, type ModelDefinition } from '../models'
import { PAPER_ADAM } from '../optimizers'
import type { Provider } from '../runtime'
import { freshTensors } from '../weights'
import { train } from './train'
import type { TrainingOptions } from './training-options'
import type { TrainingSet } from './training-set'
import { startingState } from './training-state'
import { createEvaluator } from './validation'

/**
 * Large steps and few epochs: what is asked for is a gate and a head that are nearly converged, which rank films as well as ones
 * trained to the end do.
 */
const FILMS_PER_STEP = 128
const PEAK = 2e-3
const FEWEST_STEPS = 400
const FEWEST_EPOCHS = 4
/** Films of one pass when films are predicted. */
const PREDICTED_TOGETHER = 256

export interface FitOptions {
  seed: number
  provider: Provider
  /** Side of the image that the pooled features were made from, in pixels. */
  size: number
  /** Called after every step with the share done, 0 to 1; throws to stop. */
  onProgress?(done: number): Promise<void> | void
}

/** What lies behind the pooled features, fitted from fresh weights. */
export interface FittedHead {
  weights: ReadonlyMap<string, Tensor>
  /** Probabilities [films, classes] of films of the set that it was fitted on a part of. */
  predict(films: readonly number[]): Promise<Float32Array>
}

/**
 * Fits gate and classifier on pooled features. Classes weigh equally, so that a rare class is not thought unlikely for being rare.
 * @param set entry 'pooled'
 * @param films places in the set, at least one; a film named twice counts twice
 * @throws NeoGateError MODEL_REFUSED as `train`
 */
export async function fitHead(
  definition: ModelDefinition,
  set: TrainingSet,
  films: readonly number[],
  { seed, provider, size, onProgress }: FitOptions
): Promise<FittedHead> {
  const { classes } = definition
  const parameters = headParameters(definition, size)
  const options = optionsFor(films, set, { classes, seed, provider, size })
  const state = startingState(
    freshTensors(parameters, seed),
    parameters.filter(({ kind }) => kind === 'weight')
  )
  const total = options.epochs * Math.ceil(films.length / options.filmsPerStep)
  for await (const event of train(definition, state, subset(set, films), subset(set, []), options)) {
    if (event.type === 'step') await onProgress?.(event.step / total)
  }
  return {
    weights: state.weights,
    async predict(asked) {
      const evaluator = await createEvaluator(definition, {
        ...options,
        entry: 'pooled',
        batch: Math.min(PREDICTED_TOGETHER, asked.length)
      })
      const { probabilities } = await evaluator.evaluate(state.weights, subset(set, asked))
      await evaluator.close()
      return probabilities
    }
  }
}

function optionsFor(
  films: readonly number[],
  set: TrainingSet,
  { classes, seed, provider, size }: { classes: number; seed: number; provider: Provider; size: number }
): TrainingOptions {
  const filmsPerStep = Math.min(FILMS_PER_STEP, films.length)
  const stepsPerEpoch = Math.ceil(films.length / filmsPerStep)
  const epochs = Math.max(FEWEST_EPOCHS, Math.ceil(FEWEST_STEPS / stepsPerEpoch))
  const counts = new Array<number>(classes).fill(0)
  for (const film of films) counts[set.label(film)]!++
  const occurring = counts.filter(count => count > 0).length
  return {
    size,
    filmsPerStep,
    batch: filmsPerStep,
    epochs,
    patience: null,
    schedule: { peak: PEAK, warmUpSteps: 20, cosineSteps: epochs * stepsPerEpoch },
    optimizer: PAPER_ADAM,
    clipNorm: 1,
    trains: () => true,
    layerDecay: 1,
    batchNorm: 'frozen',
    labelSmoothing: 0,
    distillation: 0,
    classWeights: counts.map(count => (count === 0 ? 0 : films.length / (occurring * count))),
    augmentation: null,
    seed,
    provider
  }
}

/** Some films of a set. */
function subset(set: TrainingSet, films: readonly number[]): TrainingSet {
  return {
    count: films.length,
    entry: set.entry,
    label: i => set.label(films[i]!),
    context: i => set.context(films[i]!),
    read: i => set.read(films[i]!)
  }
}

function headParameters(definition: ModelDefinition, size: number): readonly Parameter[] {
  const g = createGraphBuilder(definition.id)
  const input = g.input('input', 'float32', [1, ...entryShape(definition, 'pooled', size)])
  buildFrom(definition, 'pooled', g, { input, context: g.input('context', 'float32', [1, 2]) })
  return g.parameters
}
