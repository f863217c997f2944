import type { Diagnosis } from '../domain'

/** What the queues know of a film. */
export interface QueueFilm {
  id: string
  patientId: string
  site: string
  /** Hours from birth to film. */
  ageHours: number | null
  label: Diagnosis | null
  certainty: 'sure' | 'unsure' | null
  /** Of the active model, and its probability of that class. */
  predicted: Diagnosis | null
  confidence: number | null
}

export const QUEUE_KINDS = [
  'unlabelled',
  'ttn-rds',
  'label-suspects',
  'implausible-context',
  'context-dependent',
  'random-audit',
  'repeats',
  'adjudication',
  'margin',
  'entropy',
  'core-set'
] as const
export type QueueKind = (typeof QUEUE_KINDS)[number]

/** Why a film is in a queue. Screens have a sentence for each; what it gives away stands in the contract. */
export type QueueReason =
  | { kind: 'unlabelled' }
  | { kind: 'ttn-rds-readers'; readings: number }
  | { kind: 'ttn-rds-model'; label: Diagnosis; predicted: Diagnosis; probability: number }
  | {
      kind: 'ttn-rds-course'
      label: Diagnosis
      otherLabel: Diagnosis
      otherFilmId: string
      hoursApart: number
    }
  | {
      kind: 'label-suspect'
      label: Diagnosis
      labelProbability: number
      suggested: Diagnosis
      suggestedProbability: number
      /** Nats. */
      crossEntropy: number
      entropy: number
    }
  | { kind: 'implausible-context'; state: string; zScore: number | null; findings: string[] }
  | {
      kind: 'context-dependent'
      predicted: Diagnosis
      probability: number
      predictedAtMean: Diagnosis
      probabilityAtMean: number
    }
  | { kind: 'random' }
  | { kind: 'repeat'; readAt: string }
  | { kind: 'adjudication'; readings: number; classes: Diagnosis[] }
  | { kind: 'margin'; first: Diagnosis; second: Diagnosis; margin: number }
  | { kind: 'entropy'; entropy: number }
  | { kind: 'core-set'; distance: number }

export interface QueuedFilm {
  filmId: string
  /** Larger is more urgent; comparable inside one queue only. */
  score: number
  /** The strongest first; at least one. */
  reasons: QueueReason[]
}

/** Most urgent first; ties by film id, so that the order is the same on every machine. */
export function ordered(films: readonly QueuedFilm[]): QueuedFilm[] {
  return [...films].sort((a, b) => b.score - a.score || (a.filmId < b.filmId ? -1 : 1))
}
