import { NeoGateError } from '../../foundation'
import type { ModelDefinition } from '../models'
import { fitHead, type FitOptions } from './fit-head'
import type { TrainingSet } from './training-set'

export interface FoldOptions extends FitOptions {
  /** Fold of each film, 0..folds-1; all films of an infant in one. */
  folds: Int32Array
}

/**
 * Probabilities [films, classes] by cross-validation of what lies behind the pooled features (gate and classifier): each
 * film's come from fresh weights trained on the other folds alone.
 * @param set entry 'pooled'
 * @param options onProgress counts over all folds
 * @throws NeoGateError INVALID_INPUT where a fold leaves nothing to train on; MODEL_REFUSED as `train`
 */
export async function foldPredictions(
  definition: ModelDefinition,
  set: TrainingSet,
  { folds, seed, onProgress, ...options }: FoldOptions
): Promise<Float32Array> {
  const { classes } = definition
  const count = 1 + folds.reduce((most, fold) => Math.max(most, fold), 0)
  const probabilities = new Float32Array(set.count * classes)
  for (let fold = 0; fold < count; fold++) {
    const films = [...Array(set.count).keys()]
    const trained = films.filter(film => folds[film] !== fold)
    const heldOut = films.filter(film => folds[film] === fold)
    if (trained.length === 0) throw nothingToTrainOn()
    if (heldOut.length === 0) continue
    const head = await fitHead(definition, set, trained, {
      ...options,
      seed: seed + fold,
      onProgress: done => onProgress?.((fold + done) / count)
    })
    const answers = await head.predict(heldOut)
    heldOut.forEach((film, place) =>
      probabilities.set(answers.subarray(place * classes, (place + 1) * classes), film * classes)
    )
  }
  return probabilities
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
