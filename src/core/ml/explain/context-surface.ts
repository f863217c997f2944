import type { ContextHead, HeadScale } from './context-head'
import { softmaxOf } from './context-head'

/** A film's answer to every GA and BW of a grid, through the head alone. */
export interface ContextSurface {
  /** Ascending. */
  gaDays: readonly number[]
  bwGrams: readonly number[]
  /** [bwGrams, gaDays, classes] */
  probabilities: Float32Array
  /** Class with the largest probability [bwGrams, gaDays]. */
  predicted: Uint8Array
}

/** Works row by row; yields after each, so that the caller can let others take a turn. */
export function* contextSurface(
  head: ContextHead,
  pooled: Float32Array,
  gaDays: readonly number[],
  bwGrams: readonly number[]
): Generator<void, ContextSurface> {
  const { classes } = head
  const probabilities = new Float32Array(gaDays.length * bwGrams.length * classes)
  const predicted = new Uint8Array(gaDays.length * bwGrams.length)
  let place = 0
  for (const bw of bwGrams) {
    for (const ga of gaDays) {
      const answer = softmaxOf(head.logits(pooled, ga, bw))
      probabilities.set(answer, place * classes)
      predicted[place++] = largest(answer)
    }
    yield
  }
  return { gaDays, bwGrams, probabilities, predicted }
}

export interface Flip {
  gaDays: number
  bwGrams: number
  /** Class that it changes to. */
  predicted: number
  /** Length of the change in standard deviations of the model's cohort: sqrt(dGA^2 + dBW^2). */
  distance: number
}

export interface FlipSearch {
  /** Where the film stands. */
  from: { gaDays: number; bwGrams: number }
  scale: HeadScale
  /** Whether a change may end here; by default anywhere. */
  allowed?(gaDays: number, bwGrams: number): boolean
}

/** Fineness to which a change is followed: whole days, tens of grams. */
const STEP_DAYS = 1
const STEP_GRAMS = 10

/** Cells of the surface that are searched through, nearest first. */
const SEARCHED_CELLS = 6

/**
 * The smallest change of GA and BW together that changes the answer, to whole days and tens of grams; null where no cell of the
 * surface has another answer. It starts from the nearest points of the surface with another answer and looks at every step in the
 * cells around them, so an island of another answer smaller than a cell of the surface can be missed.
 */
export function smallestFlip(
  head: ContextHead,
  pooled: Float32Array,
  surface: ContextSurface,
  { from, scale, allowed = () => true }: FlipSearch
): Flip | null {
  const { gaDays, bwGrams, predicted } = surface
  const own = largest(head.logits(pooled, from.gaDays, from.bwGrams))
  const lengthOf = (ga: number, bw: number) =>
    Math.hypot((ga - from.gaDays) / scale.gaSdDays, (bw - from.bwGrams) / scale.bwSdGrams)
  const others: { column: number; row: number; distance: number }[] = []
  for (let row = 0, place = 0; row < bwGrams.length; row++) {
    for (let column = 0; column < gaDays.length; column++, place++) {
      const [ga, bw] = [gaDays[column]!, bwGrams[row]!]
      if (predicted[place] !== own && allowed(ga, bw)) {
        others.push({ column, row, distance: lengthOf(ga, bw) })
      }
    }
  }
  others.sort((a, b) => a.distance - b.distance)
  let best: Flip | null = null
  for (const { column, row, distance } of others.slice(0, SEARCHED_CELLS)) {
    const [ga, bw] = [gaDays[column]!, bwGrams[row]!]
    if (!best || distance < best.distance) {
      best = { gaDays: ga, bwGrams: bw, predicted: predicted[row * gaDays.length + column]!, distance }
    }
    const days = around(gaDays, column, STEP_DAYS)
    const grams = around(bwGrams, row, STEP_GRAMS)
    for (const day of days) {
      for (const gram of grams) {
        const length = lengthOf(day, gram)
        if (length >= best.distance || !allowed(day, gram)) continue
        const answer = largest(head.logits(pooled, day, gram))
        if (answer !== own) best = { gaDays: day, bwGrams: gram, predicted: answer, distance: length }
      }
    }
  }
  return best
}

/** The nearest change along one axis alone; null where none is within the range. */
export function flipAlong(
  head: ContextHead,
  pooled: Float32Array,
  axis: 'gaDays' | 'bwGrams',
  range: { low: number; high: number },
  { from, scale, allowed = () => true }: FlipSearch
): Flip | null {
  const own = largest(head.logits(pooled, from.gaDays, from.bwGrams))
  const step = axis === 'gaDays' ? STEP_DAYS : STEP_GRAMS
  const deviation = axis === 'gaDays' ? scale.gaSdDays : scale.bwSdGrams
  const reach = Math.max(range.high - from[axis], from[axis] - range.low)
  for (let change = step; change <= reach; change += step) {
    for (const sign of [-1, 1]) {
      const to = { ...from, [axis]: from[axis] + sign * change }
      if (to[axis] < range.low || to[axis] > range.high || !allowed(to.gaDays, to.bwGrams)) continue
      const answer = largest(head.logits(pooled, to.gaDays, to.bwGrams))
      if (answer !== own) return { ...to, predicted: answer, distance: change / deviation }
    }
  }
  return null
}

/** Values in steps from the neighbour before a place of the axis to the neighbour after it. */
function around(axis: readonly number[], place: number, step: number): number[] {
  const low = axis[Math.max(0, place - 1)]!
  const high = axis[Math.min(axis.length - 1, place + 1)]!
  return Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, i) => low + i * step)
}

/** The first of equals. */
function largest(values: ArrayLike<number>): number {
  let best = 0
  for (let k = 1; k < values.length; k++) if (values[k]! > values[best]!) best = k
  return best
}
