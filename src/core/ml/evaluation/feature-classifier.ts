import { createRandom } from '../../foundation'
import { adamOnHost, PAPER_ADAM } from '../optimizers'

/**
 * A small classifier of a few numbers per film: what GA, BW or age alone explain, for holding a model against. Softmax over a
 * linear map (multinomial logistic regression), or over one hidden layer of rectified units.
 */
export interface FeatureClassifier {
  /** @param features row-major [N, width], NaN where unknown; @returns logits row-major [N, classes] */
  logits(features: Float64Array): Float32Array
}

export type ClassifierKind = 'logistic' | 'mlp'

const HIDDEN = 32
const STEPS = 2000
const FILMS_PER_STEP = 256
const LEARNING_RATE = 0.02
const WEIGHT_DECAY = 1e-4
/** Steps between two turns of the caller. */
const STEPS_AT_ONCE = 20

/**
 * Fits by Adam with a rate that falls to zero. Each feature is standardised by its known values, an unknown one counts as their
 * mean, and whether it was known is a feature of its own. The same data and seed give the same classifier. Yields now and then.
 */
export function* fitFeatureClassifier(
  kind: ClassifierKind,
  {
    features,
    width,
    truth,
    classes
  }: { features: Float64Array; width: number; truth: Uint8Array; classes: number },
  seed: number
): Generator<void, FeatureClassifier> {
  const films = truth.length
  const scale = standardise(features, width)
  const inputs = scale(features)
  const network = createNetwork(kind, 2 * width, classes, seed)
  const random = createRandom(seed, 'feature-classifier-batches')
  const batch = Math.min(films, FILMS_PER_STEP)
  const moments = network.parameters.map(
    ({ length }) => [new Float32Array(length), new Float32Array(length)] as const
  )
  for (let step = 1; step <= STEPS; step++) {
    const gradients = network.parameters.map(({ length }) => new Float32Array(length))
    for (let i = 0; i < batch; i++) {
      const film = films === batch ? i : random.integer(0, films - 1)
      network.learn(
        inputs.subarray(film * 2 * width, (film + 1) * 2 * width),
        truth[film]!,
        gradients,
        1 / batch
      )
    }
    const rate = LEARNING_RATE * (1 - (step - 1) / STEPS)
    network.parameters.forEach((parameter, i) => {
      const [mean, square] = moments[i]!
      const state = { parameter, mean, square }
      adamOnHost(state, gradients[i]!, rate, step, {
        ...PAPER_ADAM,
        weightDecay: WEIGHT_DECAY,
        decoupled: true
      })
    })
    if (step % STEPS_AT_ONCE === 0) yield
  }
  return {
    logits(rows) {
      const scaled = scale(rows)
      const count = rows.length / width
      const answers = new Float32Array(count * classes)
      for (let film = 0; film < count; film++) {
        answers.set(network.answer(scaled.subarray(film * 2 * width, (film + 1) * 2 * width)), film * classes)
      }
      return answers
    }
  }
}

/** @returns rows of [standardised value or 0, 1 where unknown] for each feature */
function standardise(features: Float64Array, width: number): (rows: Float64Array) => Float32Array {
  const columns = Array.from({ length: width }, (_, column) => {
    const known = features.filter((value, i) => i % width === column && !Number.isNaN(value))
    const mean = known.length > 0 ? known.reduce((sum, value) => sum + value, 0) / known.length : 0
    const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, known.length)
    return { mean, deviation: Math.sqrt(variance) || 1 }
  })
  return rows => {
    const scaled = new Float32Array(2 * rows.length)
    rows.forEach((value, i) => {
      const { mean, deviation } = columns[i % width]!
      if (Number.isNaN(value)) scaled[2 * i + 1] = 1
      else scaled[2 * i] = (value - mean) / deviation
    })
    return scaled
  }
}

/** Parameters are [W, b] or [W1, b1, W2, b2], weights row-major by output. */
function createNetwork(kind: ClassifierKind, inputs: number, classes: number, seed: number) {
  const random = createRandom(seed, 'feature-classifier-weights')
  const weights = (rows: number, columns: number) =>
    Float32Array.from({ length: rows * columns }, () => random.normal(0, Math.sqrt(2 / columns)))
  const hidden = kind === 'mlp' ? HIDDEN : 0
  const parameters =
    kind === 'mlp'
      ? [
          weights(hidden, inputs),
          new Float32Array(hidden),
          weights(classes, hidden),
          new Float32Array(classes)
        ]
      : [new Float32Array(classes * inputs), new Float32Array(classes)]
  const units = new Float64Array(hidden)
  const logits = new Float64Array(classes)
  const slopes = new Float64Array(classes)

  function affine(x: ArrayLike<number>, weight: Float32Array, bias: Float32Array, out: Float64Array): void {
    for (let row = 0; row < out.length; row++) {
      let sum = bias[row]!
      for (let i = 0; i < x.length; i++) sum += weight[row * x.length + i]! * x[i]!
      out[row] = sum
    }
  }

  function answer(x: Float32Array): Float64Array {
    if (kind === 'logistic') affine(x, parameters[0]!, parameters[1]!, logits)
    else {
      affine(x, parameters[0]!, parameters[1]!, units)
      for (let i = 0; i < hidden; i++) units[i] = Math.max(0, units[i]!)
      affine(units, parameters[2]!, parameters[3]!, logits)
    }
    return logits
  }

  /** Adds the gradient of the cross-entropy of one film, times `share`. */
  function learn(x: Float32Array, label: number, gradients: Float32Array[], share: number): void {
    answer(x)
    const highest = Math.max(...logits)
    let sum = 0
    for (let k = 0; k < classes; k++) sum += Math.exp(logits[k]! - highest)
    for (let k = 0; k < classes; k++) {
      slopes[k] = share * (Math.exp(logits[k]! - highest) / sum - (k === label ? 1 : 0))
    }
    const last = kind === 'mlp' ? 2 : 0
    const below: ArrayLike<number> = kind === 'mlp' ? units : x
    for (let k = 0; k < classes; k++) {
      gradients[last + 1]![k]! += slopes[k]!
      for (let i = 0; i < below.length; i++) gradients[last]![k * below.length + i]! += slopes[k]! * below[i]!
    }
    for (let unit = 0; unit < hidden; unit++) {
      if (units[unit] === 0) continue
      let slope = 0
      for (let k = 0; k < classes; k++) slope += slopes[k]! * parameters[2]![k * hidden + unit]!
      gradients[1]![unit]! += slope
      for (let i = 0; i < inputs; i++) gradients[0]![unit * inputs + i]! += slope * x[i]!
    }
  }

  return { parameters, answer, learn }
}
