import { DIAGNOSES } from '../domain'
import { entropyOf, topTwo } from './probabilities'
import { ordered, type QueuedFilm, type QueueFilm } from './types'

/** A probability is never taken for less than this: the logarithm of a float32 zero would outweigh everything. */
const SMALLEST = 1e-7

/**
 * How likely a label is wrong rather than the film difficult: CE(label, p) - H(p), the label's unlikeliness less the
 * ambiguity of the film (Bernhardt et al. 2022, Nat Commun 13:1161). Above 0 the label is less likely than the film's own
 * ambiguity explains.
 * @param p probabilities by a model that has not seen this film's label
 */
export function cleaningScore(p: ArrayLike<number>, label: number): number {
  return -Math.log(Math.max(p[label]!, SMALLEST)) - entropyOf(p)
}

/**
 * Every labelled film with a probability, the likeliest mislabelled first.
 * @param outOfFold six probabilities by film id, each by a model that saw no film of the infant
 */
function rankLabels(
  films: readonly QueueFilm[],
  outOfFold: ReadonlyMap<string, ArrayLike<number>>
): QueuedFilm[] {
  return ordered(
    films.flatMap(({ id, label }) => {
      const p = outOfFold.get(id)
      if (!p || label === null) return []
      const given = DIAGNOSES.indexOf(label)
      const [first] = topTwo(p)
      const crossEntropy = -Math.log(Math.max(p[given]!, SMALLEST))
      return [
        {
          filmId: id,
          score: cleaningScore(p, given),
          reasons: [
            {
              kind: 'label-suspect' as const,
              label,
              labelProbability: p[given]!,
              suggested: DIAGNOSES[first]!,
              suggestedProbability: p[first]!,
              crossEntropy,
              entropy: entropyOf(p)
            }
          ]
        }
      ]
    })
  )
}

/** Of the ranked films those whose label another class beats: what a reader should look at. */
export function labelSuspects(
  films: readonly QueueFilm[],
  outOfFold: ReadonlyMap<string, ArrayLike<number>>
): QueuedFilm[] {
  return rankLabels(films, outOfFold).filter(({ score, reasons: [reason] }) => {
    return score > 0 && reason!.kind === 'label-suspect' && reason!.suggested !== reason!.label
  })
}
