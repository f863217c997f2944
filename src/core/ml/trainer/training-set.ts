import { float32, type Tensor } from '../graph'

/** Films ready for training, wherever they come from. */
export interface TrainingSet {
  readonly count: number
  /** Side of the square films in pixels. */
  readonly size: number
  /** Class index of film i. */
  label(i: number): number
  /** Normalised (GA, BW) of film i. */
  context(i: number): readonly [number, number]
  /** Film i in display values 0..1, [size * size] row-major; a reader may keep it, so it is not written to. */
  plane(i: number): Promise<Float32Array>
}

/** ImageNet's mean and deviation per channel: what pretrained backbones expect. */
const CHANNEL_MEAN = [0.485, 0.456, 0.406] as const
const CHANNEL_SD = [0.229, 0.224, 0.225] as const

export interface Batch {
  image: Tensor
  context: Tensor
  targets: Tensor
  /** Sum of the class weights of its films. */
  weight: number
}

/**
 * Films laid out for a graph of fixed batch size; places left over are black films with targets of zero, which do not
 * count.
 */
export async function layOut(
  set: TrainingSet,
  films: readonly number[],
  { batch, classes, classWeights }: { batch: number; classes: number; classWeights: readonly number[] },
  change: (plane: Float32Array, film: number) => Float32Array = plane => plane
): Promise<Batch> {
  const area = set.size * set.size
  const image = new Float32Array(batch * 3 * area)
  const context = new Float32Array(batch * 2)
  const targets = new Float32Array(batch * classes)
  let weight = 0
  for (const [place, film] of films.entries()) {
    const plane = change(await set.plane(film), film)
    for (let channel = 0; channel < 3; channel++) {
      const offset = (place * 3 + channel) * area
      const mean = CHANNEL_MEAN[channel]!
      const scale = 1 / CHANNEL_SD[channel]!
      for (let i = 0; i < area; i++) image[offset + i] = (plane[i]! - mean) * scale
    }
    context.set(set.context(film), place * 2)
    const label = set.label(film)
    targets[place * classes + label] = 1
    weight += classWeights[label]!
  }
  return {
    image: float32([batch, 3, set.size, set.size], image),
    context: float32([batch, 2], context),
    targets: float32([batch, classes], targets),
    weight
  }
}
