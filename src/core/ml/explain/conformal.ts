import { createRandom } from '../../foundation'

/**
 * Split conformal prediction with adaptive prediction sets (Romano, Sesia & Candes 2020, without randomisation, so that sets are
 * never empty and coverage is at least what is stated). The score of a class is the probability of all classes ranked above it,
 * its own included; a set holds every class whose score is at most the threshold.
 *
 * The statement: of a film drawn at random of an infant drawn at random from where the calibration infants come from, the set holds
 * the label with at least the stated probability, on average over calibrations. It holds for no subgroup by itself.
 */
export function adaptiveScores(probabilities: ArrayLike<number>): number[] {
  const order = Array.from({ length: probabilities.length }, (_, k) => k).sort(
    (a, b) => probabilities[b]! - probabilities[a]! || a - b
  )
  const scores = new Array<number>(order.length)
  let sum = 0
  for (const k of order) {
    sum += probabilities[k]!
    scores[k] = sum
  }
  return scores
}

/**
 * The threshold for a coverage: the ceil((n + 1) coverage)-th smallest score; null where n is too small for it.
 * @param scores scores of the labels, one for each infant, ascending
 */
export function conformalThreshold(scores: ArrayLike<number>, coverage: number): number | null {
  // A rounding error must not ask for one rank more.
  const rank = Math.ceil((scores.length + 1) * coverage - 1e-9)
  return rank > scores.length || rank < 1 ? null : scores[rank - 1]!
}

/** Class indices in the set, most probable first. */
export function conformalSet(probabilities: ArrayLike<number>, threshold: number): number[] {
  const scores = adaptiveScores(probabilities)
  const ranked = [...scores.keys()].sort((a, b) => scores[a]! - scores[b]! || a - b)
  // The most probable class is always held: a set without a class would say nothing.
  return ranked.filter((k, place) => place === 0 || scores[k]! <= threshold)
}

/**
 * Scores to calibrate with, ascending: of one film of each infant, drawn by lot, since films of one infant are alike and would count
 * as more than they are.
 * @param films probabilities and label of each film, and its infant
 */
export function calibrationScores(
  films: readonly { probabilities: ArrayLike<number>; label: number; infant: string }[],
  seed: number
): number[] {
  const random = createRandom(seed, 'conformal')
  const chosen = new Map(random.shuffle(films).map(film => [film.infant, film]))
  return [...chosen.values()]
    .map(({ probabilities, label }) => adaptiveScores(probabilities)[label]!)
    .sort((a, b) => a - b)
}
