import { NeoGateError } from '../../foundation'

/** What a model answered on a set of labelled films; everything else is computed from it. */
export interface Cases {
  classes: number
  /** Class of each film [N]. */
  truth: Uint8Array
  /** Row-major [N, classes]. */
  logits: Float32Array
  /** Which infant each film is of [N]: 0, 1, 2 ... in order of first appearance. */
  infants: Int32Array
}

/** @throws NeoGateError INTERNAL where the arrays do not fit each other, or a logit is not finite */
export function checkCases({ classes, truth, logits, infants }: Cases): void {
  const fits = logits.length === truth.length * classes && infants.length === truth.length
  if (!fits || !truth.every(label => label < classes)) {
    throw new NeoGateError('INTERNAL', 'Labels, infants and logits of an evaluation do not fit each other.')
  }
  if (!logits.every(Number.isFinite)) {
    throw new NeoGateError('MODEL_REFUSED', 'The model gave an answer that is not a number.', {
      reason: 'not-finite',
      remedy: 'Predict the films again; where that does not help, the model itself is damaged.'
    })
  }
}

/** Numbers infants by first appearance. */
export function numberInfants(ids: readonly string[]): Int32Array {
  const numbers = new Map<string, number>()
  return Int32Array.from(ids, id => {
    const known = numbers.get(id)
    if (known !== undefined) return known
    numbers.set(id, numbers.size)
    return numbers.size - 1
  })
}

/** The films at these places. */
export function subset({ classes, truth, logits, infants }: Cases, places: ArrayLike<number>): Cases {
  const picked = new Float32Array(places.length * classes)
  for (let i = 0; i < places.length; i++) {
    picked.set(logits.subarray(places[i]! * classes, (places[i]! + 1) * classes), i * classes)
  }
  return {
    classes,
    truth: Uint8Array.from(places, place => truth[place]!),
    logits: picked,
    infants: numberInfants(Array.from(places, place => String(infants[place])))
  }
}

/** softmax(logits / temperature), row-major [N, classes], in double precision. */
export function probabilitiesOf({ classes, logits }: Pick<Cases, 'classes' | 'logits'>, temperature = 1) {
  const probabilities = new Float64Array(logits.length)
  for (let row = 0; row < logits.length; row += classes) {
    let highest = -Infinity
    for (let k = 0; k < classes; k++) highest = Math.max(highest, logits[row + k]! / temperature)
    let sum = 0
    for (let k = 0; k < classes; k++) {
      probabilities[row + k] = Math.exp(logits[row + k]! / temperature - highest)
      sum += probabilities[row + k]!
    }
    for (let k = 0; k < classes; k++) probabilities[row + k]! /= sum
  }
  return probabilities
}

/** The class with the largest logit, the first of equals [N]. */
export function predictedClasses({ classes, logits, truth }: Cases): Uint8Array {
  return truth.map((_, film) => {
    let best = 0
    for (let k = 1; k < classes; k++) {
      if (logits[film * classes + k]! > logits[film * classes + best]!) best = k
    }
    return best
  })
}

/** -log of the probability given to the label, in nats [N]; from logits, so that it is finite. */
export function negativeLogLikelihoods({ classes, truth, logits }: Cases, temperature = 1): Float64Array {
  const losses = new Float64Array(truth.length)
  for (let film = 0; film < truth.length; film++) {
    const row = film * classes
    let highest = -Infinity
    for (let k = 0; k < classes; k++) highest = Math.max(highest, logits[row + k]! / temperature)
    let sum = 0
    for (let k = 0; k < classes; k++) sum += Math.exp(logits[row + k]! / temperature - highest)
    losses[film] = Math.log(sum) + highest - logits[row + truth[film]!]! / temperature
  }
  return losses
}
