import { DIAGNOSES, type Diagnosis } from '../domain'
import { ordered, type QueuedFilm } from './types'

export interface Vote {
  reader: string
  diagnosis: Diagnosis
  certainty: 'sure' | 'unsure'
}

/** What a film's readings come to; derived anew each time, never stored over a reading. */
export interface Consensus {
  diagnosis: Diagnosis | null
  /** open: readings are still to come; none: they stand against each other. */
  by: 'unanimous' | 'majority' | 'adjudication' | 'open' | 'none'
  readings: number
}

/**
 * An adjudicator's answer decides; else what all, or more than half of the readers said, once as many have read the film as
 * the protocol wants.
 */
export function consensusOf(votes: readonly Vote[], wanted: number, adjudication: Vote | null): Consensus {
  const readings = votes.length
  if (adjudication) return { diagnosis: adjudication.diagnosis, by: 'adjudication', readings }
  if (readings < wanted || readings === 0) return { diagnosis: null, by: 'open', readings }
  const counts = DIAGNOSES.map(diagnosis => votes.filter(vote => vote.diagnosis === diagnosis).length)
  const most = Math.max(...counts)
  const diagnosis = DIAGNOSES[counts.indexOf(most)]!
  if (most === readings) return { diagnosis, by: 'unanimous', readings }
  return most > readings / 2
    ? { diagnosis, by: 'majority', readings }
    : { diagnosis: null, by: 'none', readings }
}

/**
 * Films whose readers differ and that no adjudicator has decided: without a majority first, then by the share that did not
 * follow it.
 */
export function forAdjudication(
  films: ReadonlyMap<string, { votes: readonly Vote[]; wanted: number; adjudication: Vote | null }>
): QueuedFilm[] {
  return ordered(
    [...films].flatMap(([filmId, { votes, wanted, adjudication }]) => {
      const { by, readings } = consensusOf(votes, wanted, adjudication)
      if (by !== 'none' && by !== 'majority') return []
      const classes = DIAGNOSES.filter(diagnosis => votes.some(vote => vote.diagnosis === diagnosis))
      const largest = Math.max(
        ...classes.map(diagnosis => votes.filter(vote => vote.diagnosis === diagnosis).length)
      )
      return [
        {
          filmId,
          score: 1 - largest / readings,
          reasons: [{ kind: 'adjudication' as const, readings, classes }]
        }
      ]
    })
  )
}
