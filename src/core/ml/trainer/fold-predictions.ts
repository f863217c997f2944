import { NeoGateError } from '../../foundation'
import type { ModelDefinition } from '../models'
import { createGraphBuilder, type Parameter } from '../graph'
import { buildFrom, entryShape } from '../models'
import { PAPER_ADAM } from '../optimizers'
import type { Provider } from '../runtime'
import { freshTensors } from '../weights'
import { train } from './train'
import type { TrainingOptions } from './training-options'
import type { TrainingSet } from './training-set'
import { startingState } from './training-state'
import { createEvaluator } from './validation'

/**
 * Large steps and few epochs: what is asked for is a ranking of the films, for which a gate and a head that are nearly
 * converged do as well as ones trained to the end.
 */
const FILMS_PER_STEP = 128
const PEAK = 2e-3
const FEWEST_STEPS = 400
const FEWEST_EPOCHS = 4
/** Films of one pass when the held-out ones are predicted. */
const PREDICTED_TOGETHER = 256

export interface FoldOptions {
  /** Fold of each film, 0..folds-1; all films of an infant in one. */
  folds: Int32Array
  seed: number
  provider: Provider
  /** Side of the image that the pooled features were made from, in pixels. */
  size: number
  /** Called after every step and fold with the share done, 0 to 1; throws to stop. */
  onProgress?(done: number): Promise<void> | void
}

/**
 * Probabilities [films, classes] by cross-validation of what lies behind the pooled features (gate and classifier): each
 * film's come from fresh weights trained on the other folds alone. Classes weigh equally, so that a rare class is not
 * suspected for being rare.
 * @param set entry 'pooled'
 * @throws NeoGateError INVALID_INPUT where a fold leaves nothing to train on; MODEL_REFUSED as `train`
 */
export async function foldPredictions(
  definition: ModelDefinition,
  set: TrainingSet,
  { folds, seed, provider, size, onProgress }: FoldOptions
): Promise<Float32Array> {
  const { classes } = definition
  const count = 1 + folds.reduce((most, fold) => Math.max(most, fold), 0)
  const probabilities = new Float32Array(set.count * classes)
  const parameters = headParameters(definition, size)
  for (let fold = 0; fold < count; fold++) {
    const films = [...Array(set.count).keys()]
    const trained = films.filter(film => folds[film] !== fold)
    const heldOut = films.filter(film => folds[film] === fold)
    if (trained.length === 0) throw nothingToTrainOn()
    if (heldOut.length === 0) continue
    const options = optionsFor(trained, set, { classes, seed: seed + fold, provider, size })
    const state = startingState(
      freshTensors(parameters, options.seed),
      parameters.filter(({ kind }) => kind === 'weight')
    )
    const total = options.epochs * Math.ceil(trained.length / options.filmsPerStep)
    for await (const event of train(definition, state, subset(set, trained), subset(set, []), options)) {
      if (event.type === 'step') await onProgress?.((fold + event.step / total) / count)
    }
    const evaluator = await createEvaluator(definition, {
      ...options,
      entry: 'pooled',
      batch: Math.min(PREDICTED_TOGETHER, heldOut.length)
    })
    const answers = (await evaluator.evaluate(state.weights, subset(set, heldOut))).probabilities
    await evaluator.close()
    heldOut.forEach((film, place) =>
      probabilities.set(answers.subarray(place * classes, (place + 1) * classes), film * classes)
    )
  }
  return probabilities
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

function nothingToTrainOn(): NeoGateError {
  return new NeoGateError(
    'INVALID_INPUT',
    'There are too few infants with a label to hold some of them out.',
    {
      field: 'folds',
      remedy: 'Label films of more infants first.'
    }
  )
}
