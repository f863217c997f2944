import type { Diagnosis } from '../domain'
import { ordered, type QueuedFilm, type QueueFilm, type QueueReason } from './types'

/** Readings of a film by different readers, as far as they stand. */
export type ReadingsOf = ReadonlyMap<string, readonly { reader: string; diagnosis: Diagnosis }[]>

/**
 * Two films of an infant this close cannot well show TTN on one and RDS on the other: both clear within about 72 h of
 * birth, and one does not turn into the other.
 */
const COURSE_HOURS = 72

const opposite = (diagnosis: Diagnosis | null): Diagnosis | null =>
  diagnosis === 'TTN' ? 'RDS' : diagnosis === 'RDS' ? 'TTN' : null

/**
 * Films on which TTN and RDS stand against each other: between readers (score 1), between the label and the model (its
 * probability of the other class), or between two films of one infant within 72 h (the closer the higher). A film's score
 * is its highest; every reason is given.
 */
export function ttnRds(films: readonly QueueFilm[], readings: ReadingsOf): QueuedFilm[] {
  const byInfant = new Map<string, QueueFilm[]>()
  for (const film of films) {
    if (opposite(film.label) === null) continue
    const others = byInfant.get(film.patientId)
    if (others) others.push(film)
    else byInfant.set(film.patientId, [film])
  }
  return ordered(
    films.flatMap(film => {
      const scored = [
        betweenReaders(readings.get(film.id) ?? []),
        againstModel(film),
        againstCourse(film, byInfant.get(film.patientId) ?? [])
      ].flatMap(found => (found ? [found] : []))
      if (scored.length === 0) return []
      scored.sort((a, b) => b.score - a.score)
      return [{ filmId: film.id, score: scored[0]!.score, reasons: scored.map(({ reason }) => reason) }]
    })
  )
}

interface Scored {
  score: number
  reason: QueueReason
}

function betweenReaders(readings: readonly { diagnosis: Diagnosis }[]): Scored | null {
  const classes = readings.map(({ diagnosis }) => diagnosis)
  if (!classes.includes('TTN') || !classes.includes('RDS')) return null
  return { score: 1, reason: { kind: 'ttn-rds-readers', readings: readings.length } }
}

function againstModel({ label, predicted, confidence }: QueueFilm): Scored | null {
  if (label === null || predicted === null || predicted !== opposite(label)) return null
  const probability = confidence ?? 0
  return { score: probability, reason: { kind: 'ttn-rds-model', label, predicted, probability } }
}

function againstCourse(film: QueueFilm, sameInfant: readonly QueueFilm[]): Scored | null {
  const contrary = opposite(film.label)
  if (contrary === null || film.ageHours === null) return null
  let nearest: { film: QueueFilm; hours: number } | null = null
  for (const other of sameInfant) {
    if (other.label !== contrary || other.ageHours === null) continue
    const hours = Math.abs(other.ageHours - film.ageHours)
    if (hours <= COURSE_HOURS && (!nearest || hours < nearest.hours)) nearest = { film: other, hours }
  }
  if (!nearest) return null
  return {
    score: 1 - nearest.hours / (2 * COURSE_HOURS),
    reason: {
      kind: 'ttn-rds-course',
      label: film.label!,
      otherLabel: contrary,
      otherFilmId: nearest.film.id,
      hoursApart: nearest.hours
    }
  }
}
