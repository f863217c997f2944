import type { QueuedFilm, QueueFilm } from './types'

/** Films without a label, the infants in the order given, so that an infant's films are read together. */
export function unlabelled(films: readonly QueueFilm[]): QueuedFilm[] {
  const open = films.filter(({ label }) => label === null)
  return open.map(({ id }, place) => ({
    filmId: id,
    score: 1 - place / open.length,
    reasons: [{ kind: 'unlabelled' }]
  }))
}
