import { DIAGNOSES } from '../domain'
import { topTwo, totalVariation } from './probabilities'
import { ordered, type QueuedFilm, type QueueFilm } from './types'

export interface JudgedContext {
  state: string
  zScore: number | null
  findings: string[]
}

/** What cannot be true at all comes before what is merely rare. */
const IMPOSSIBLE = 100

/**
 * Infants whose GA and BW do not go together, one film each: the last, at which a post-menstrual age typed as GA shows
 * most. Score: |z|, and more where a value lies outside what is possible.
 * @param judged by infant id, at the age of its last film
 */
export function implausibleContext(
  films: readonly QueueFilm[],
  judged: ReadonlyMap<string, JudgedContext>
): QueuedFilm[] {
  const last = new Map<string, QueueFilm>()
  for (const film of films) {
    const known = last.get(film.patientId)
    if (!known || (film.ageHours ?? -1) > (known.ageHours ?? -1)) last.set(film.patientId, film)
  }
  return ordered(
    [...last].flatMap(([patientId, { id }]) => {
      const context = judged.get(patientId)
      if (!context || context.state === 'ok' || context.state === 'missing') return []
      const score = context.zScore === null ? IMPOSSIBLE : Math.abs(context.zScore)
      return [{ filmId: id, score, reasons: [{ kind: 'implausible-context' as const, ...context }] }]
    })
  )
}

/**
 * Films whose answer is another once GA and BW are replaced by the cohort's mean: there the record decides, not the film.
 * Score: total variation between the two answers, 0 to 1.
 */
export function contextDependent(
  answers: ReadonlyMap<string, { own: ArrayLike<number>; atMean: ArrayLike<number> }>
): QueuedFilm[] {
  return ordered(
    [...answers].flatMap(([filmId, { own, atMean }]) => {
      const [predicted] = topTwo(own)
      const [predictedAtMean] = topTwo(atMean)
      if (predicted === predictedAtMean) return []
      return [
        {
          filmId,
          score: totalVariation(own, atMean),
          reasons: [
            {
              kind: 'context-dependent' as const,
              predicted: DIAGNOSES[predicted]!,
              probability: own[predicted]!,
              predictedAtMean: DIAGNOSES[predictedAtMean]!,
              probabilityAtMean: atMean[predictedAtMean]!
            }
          ]
        }
      ]
    })
  )
}
