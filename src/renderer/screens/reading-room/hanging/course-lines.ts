import { DIAGNOSES, type Diagnosis } from '../../../../contract'

/** One class over the infant's films. Places in CSS pixels, probabilities 0..1. */
export interface CourseLine {
  diagnosis: Diagnosis
  /** Runs of films that follow each other without a gap. */
  runs: { x: number; probability: number }[][]
  last: { x: number; probability: number }
}

/** A class that never gets this far is left out: six lines that lie on the floor say nothing. */
const LEAST_PROBABILITY = 0.2

/**
 * Probability of each class that matters over the films in time order. A film without a place or without a prediction
 * breaks the line: nothing is drawn across what is not known.
 * @param dots place of each film on the axis, null where its age is unknown
 * @param probabilities of each film in the order of DIAGNOSES, null where it has not been predicted
 */
export function courseLines(
  dots: readonly (number | null)[],
  probabilities: readonly (readonly number[] | null)[]
): CourseLine[] {
  return DIAGNOSES.flatMap((diagnosis, index) => {
    const runs: CourseLine['runs'] = [[]]
    dots.forEach((x, film) => {
      const probability = probabilities[film]?.[index]
      // Films of unknown age have no place between the others.
      if (x === null) return
      if (probability === undefined) runs.push([])
      else runs.at(-1)!.push({ x, probability })
    })
    const drawn = runs.filter(run => run.length > 0)
    const last = drawn.at(-1)?.at(-1)
    const highest = Math.max(0, ...drawn.flat().map(point => point.probability))
    return last && highest >= LEAST_PROBABILITY ? [{ diagnosis, runs: drawn, last }] : []
  })
}

/** Heights for words beside the ends of the lines, in order from the top, `room` apart and within 0..height. */
export function spreadWords(heights: readonly number[], room: number, height: number): number[] {
  const order = heights.map((at, index) => ({ at, index })).sort((a, b) => a.at - b.at)
  let floor = room / 2
  for (const word of order) {
    word.at = Math.max(word.at, floor)
    floor = word.at + room
  }
  let ceiling = height - room / 2
  for (const word of order.reverse()) {
    word.at = Math.min(word.at, ceiling)
    ceiling = word.at - room
  }
  const placed = new Array<number>(heights.length)
  for (const { at, index } of order) placed[index] = at
  return placed
}
