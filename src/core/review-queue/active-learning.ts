import { DIAGNOSES } from '../domain'
import { createRandom } from '../foundation'
import { entropyOf, topTwo } from './probabilities'
import { ordered, type QueuedFilm } from './types'

type Answers = ReadonlyMap<string, ArrayLike<number>>

/** The smaller the gap between the two likeliest classes, the more a label teaches. Score: 1 - gap. */
export function smallestMargin(answers: Answers): QueuedFilm[] {
  return ordered(
    [...answers].map(([filmId, p]) => {
      const [first, second] = topTwo(p)
      const margin = p[first]! - p[second]!
      return {
        filmId,
        score: 1 - margin,
        reasons: [{ kind: 'margin', first: DIAGNOSES[first]!, second: DIAGNOSES[second]!, margin }]
      }
    })
  )
}

/** Score: entropy over that of complete ignorance, 0 to 1. */
export function highestEntropy(answers: Answers): QueuedFilm[] {
  return ordered(
    [...answers].map(([filmId, p]) => {
      const entropy = entropyOf(p) / Math.log(p.length)
      return { filmId, score: entropy, reasons: [{ kind: 'entropy', entropy }] }
    })
  )
}

/** Dimensions that pooled vectors are projected to: distances keep to about 10 % (Johnson & Lindenstrauss 1984). */
const SKETCH_LENGTH = 64

/**
 * Makes a function that projects vectors onto random directions, one value each, of about the vector's length together. By
 * the seed alone, so that sketches made at different times can be compared.
 */
export function createSketch(channels: number, seed = 1): (vector: ArrayLike<number>) => Float32Array {
  const random = createRandom(seed, 'sketch')
  const directions = Float32Array.from({ length: channels * SKETCH_LENGTH }, () =>
    random.chance(0.5) ? 1 / Math.sqrt(SKETCH_LENGTH) : -1 / Math.sqrt(SKETCH_LENGTH)
  )
  return vector => {
    const sketch = new Float32Array(SKETCH_LENGTH)
    for (let c = 0; c < channels; c++) {
      const value = vector[c]!
      if (value === 0) continue
      const row = c * SKETCH_LENGTH
      for (let d = 0; d < SKETCH_LENGTH; d++) sketch[d]! += value * directions[row + d]!
    }
    return sketch
  }
}

/**
 * Films that lie farthest from everything labelled or already chosen: k-centre greedy on sketches of pooled vectors (Sener &
 * Savarese 2018). Score: that distance when the film was chosen, over the first one's.
 */
export function coreSet(
  candidates: ReadonlyMap<string, Float32Array>,
  labelled: readonly Float32Array[],
  count: number
): QueuedFilm[] {
  const ids = [...candidates.keys()].sort()
  const vectors = ids.map(id => candidates.get(id)!)
  const nearest = new Float64Array(ids.length).fill(Infinity)
  const approach = (centre: Float32Array) => {
    for (let i = 0; i < vectors.length; i++) {
      const d = squaredDistance(vectors[i]!, centre, nearest[i]!)
      if (d < nearest[i]!) nearest[i] = d
    }
  }
  for (const centre of labelled) approach(centre)
  const chosen: QueuedFilm[] = []
  let first = 0
  while (chosen.length < Math.min(count, ids.length)) {
    let farthest = 0
    for (let i = 1; i < nearest.length; i++) if (nearest[i]! > nearest[farthest]!) farthest = i
    const distance = Math.sqrt(nearest[farthest]!)
    approach(vectors[farthest]!)
    nearest[farthest] = -1
    // Without a label anywhere the first is as far as can be.
    if (chosen.length === 0) first = Number.isFinite(distance) ? distance : 0
    const score = Number.isFinite(distance) && first > 0 ? distance / first : 1
    chosen.push({ filmId: ids[farthest]!, score, reasons: [{ kind: 'core-set', distance: score }] })
  }
  return chosen
}

/** Stops counting where `beyond` is passed: most candidates are nearer to another centre already. */
function squaredDistance(a: Float32Array, b: Float32Array, beyond: number): number {
  let sum = 0
  for (let i = 0; i < a.length && sum < beyond; i++) sum += (a[i]! - b[i]!) ** 2
  return sum
}
