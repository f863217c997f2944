import { isDiagnosis } from '../domain'

/** A film of the project as far as a split is concerned. */
export interface CandidateFilm {
  id: string
  patientId: string
  site: string
  label: string | null
  missing: boolean
  /** As the growth rules judged GA and BW; 'blocked' from |z| of 5 on, and for impossible values. */
  contextState: string
  gaDays: number | null
  bwGrams: number | null
  fingerprint: string
  /** SHA-256 of the decoded pixels, null where they have not been compared. */
  pixels: string | null
}

/** Why a film is in no part of a split; a film has the first reason that holds. */
export const EXCLUSIONS = ['unlabelled', 'unknown-class', 'unreadable', 'implausible-context'] as const
export type Exclusion = (typeof EXCLUSIONS)[number]

/** @returns null for a film that can be trained and tested on */
export function exclusionOf(film: CandidateFilm): Exclusion | null {
  if (film.label === null) return 'unlabelled'
  if (!isDiagnosis(film.label)) return 'unknown-class'
  if (film.missing) return 'unreadable'
  return film.contextState === 'blocked' ? 'implausible-context' : null
}

/** How many films have both GA and BW, or which is absent; the model fills in its cohort's mean. */
export interface ContextCounts {
  complete: number
  withoutGa: number
  withoutBw: number
  withoutBoth: number
}

export function countContexts(films: readonly CandidateFilm[]): ContextCounts {
  const counts: ContextCounts = { complete: 0, withoutGa: 0, withoutBw: 0, withoutBoth: 0 }
  for (const { gaDays, bwGrams } of films) {
    if (gaDays !== null && bwGrams !== null) counts.complete++
    else if (gaDays !== null) counts.withoutBw++
    else if (bwGrams !== null) counts.withoutGa++
    else counts.withoutBoth++
  }
  return counts
}
