import { greyToImage, isFilmFault, NeoGateError, toError } from '../../foundation'
import { augment, type AugmentationOptions } from '../augmentation'
import { elementCount, float32, type Shape, type Tensor } from '../graph'
import type { Entry } from '../models'
import { sumOfSquares } from './gradients'

/** Films ready for training, wherever they come from. */
export interface TrainingSet {
  readonly count: number
  /** Where these films enter the network. */
  readonly entry: Entry
  /** Class index of film i. */
  label(i: number): number
  /** Normalised (GA, BW) of film i. */
  context(i: number): readonly [number, number]
  /** Class probabilities of the old model, to be learned beside the label; null: none. */
  teacher?(i: number): ArrayLike<number> | null
  /**
   * With entry 'image' film i in display values 0..1, [S * S] row-major; else its tensor at the entry. The array is not
   * written to. Called ahead of need.
   * @throws NeoGateError FILE_REFUSED, NOT_FOUND when the film can no longer be read: it is then left out
   */
  read(i: number): Promise<Float32Array>
}

export interface LayOutOptions {
  /** Films that the graph takes; places left over do not count. */
  batch: number
  /** entryShape of the network. */
  shape: Shape
  classes: number
  classWeights: readonly number[]
  /** Share of the target that the teacher gives, 0 to 1. */
  distillation?: number
  /** Array for the input, of its length: films are laid into it instead of into a new one. */
  memory?: Float32Array
  augmentation?: { options: AugmentationOptions; random(film: number): Parameters<typeof augment>[3] } | null
}

export interface Batch {
  /** [batch, ...shape] */
  input: Tensor
  context: Tensor
  targets: Tensor
  /** Sum of the class weights of the films that count. */
  weight: number
  /** Films that could not be read, and why. */
  lost: { film: number; error: NeoGateError }[]
}

/**
 * Films laid out for a graph of fixed batch size. All are asked for at once, before the first is waited for, so that a
 * caller who lays out a batch while another is computed has their reading overlap.
 */
export async function layOut(
  set: TrainingSet,
  films: readonly number[],
  { batch, shape, classes, classWeights, distillation = 0, memory, augmentation = null }: LayOutOptions
): Promise<Batch> {
  const length = elementCount(shape)
  const input = memory?.fill(0, films.length * length) ?? new Float32Array(batch * length)
  const context = new Float32Array(batch * 2)
  const targets = new Float32Array(batch * classes)
  const lost: Batch['lost'] = []
  let weight = 0
  const readings = await Promise.all(films.map(film => reading(set, film)))
  for (const [place, film] of films.entries()) {
    const values = readings[place]!
    if (values instanceof NeoGateError) {
      lost.push({ film, error: values })
      input.fill(0, place * length, (place + 1) * length)
      continue
    }
    if (set.entry === 'image') {
      const plane = augmentation
        ? augment(values, shape[2]!, augmentation.options, augmentation.random(film))
        : values
      greyToImage(plane, input, place * length)
    } else input.set(values, place * length)
    context.set(set.context(film), place * 2)
    const label = set.label(film)
    const teacher = distillation > 0 ? (set.teacher?.(film) ?? null) : null
    const own = teacher ? 1 - distillation : 1
    for (let k = 0; k < classes; k++) {
      targets[place * classes + k] = (k === label ? own : 0) + (teacher ? distillation * teacher[k]! : 0)
    }
    weight += classWeights[label]!
  }
  return {
    input: float32([batch, ...shape], input),
    context: float32([batch, 2], context),
    targets: float32([batch, classes], targets),
    weight,
    lost
  }
}

async function reading(set: TrainingSet, film: number): Promise<Float32Array | NeoGateError> {
  try {
    const values = await set.read(film)
    if (Number.isFinite(sumOfSquares(values))) return values
    return new NeoGateError('FILE_REFUSED', 'A film holds values that are not numbers.', {
      reason: 'not-finite'
    })
  } catch (thrown) {
    if (isFilmFault(thrown)) return thrown
    throw toError(thrown)
  }
}
