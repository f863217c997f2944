import type { FilmRow } from '../../contract'

/** What hanging needs to know of a film; nothing that a blinded reader must not be told. */
export type HungFilm = Pick<FilmRow, 'id' | 'ageHours' | 'filmTime'>

/** Hours from one film to another, negative where the second is earlier; null where it cannot be known. */
export function hoursBetween(from: HungFilm, to: HungFilm): number | null {
  if (from.ageHours !== null && to.ageHours !== null) return to.ageHours - from.ageHours
  if (from.filmTime === null || to.filmTime === null) return null
  // Both are the hospital's own time without a zone: their difference is what counts.
  const hours = (Date.parse(to.filmTime) - Date.parse(from.filmTime)) / 3_600_000
  return Number.isNaN(hours) ? null : hours
}

/** The film before this one in time; 'none' where it is the first, 'unknown' where no film's time can be compared. */
export function priorOf(series: readonly HungFilm[], id: string): HungFilm | 'none' | 'unknown' {
  const film = series.find(each => each.id === id)
  const others = series.filter(each => each.id !== id)
  if (!film || others.length === 0) return 'none'
  const timed = others.flatMap(other => {
    const hours = hoursBetween(film, other)
    return hours === null ? [] : [{ other, hours }]
  })
  if (timed.length === 0) return 'unknown'
  const earlier = timed.filter(({ hours }) => hours < 0)
  return earlier.length === 0 ? 'none' : earlier.reduce((a, b) => (b.hours > a.hours ? b : a)).other
}

/**
 * The films beside the one being read, one per pane: those the reader chose, else the priors from the nearest back, and
 * in a layout of four, where there are no more priors, the films that follow. null is an empty pane.
 * @param chosen per pane; null follows the rule, and so does a film of another infant
 */
export function filmsBeside(
  series: readonly HungFilm[],
  id: string,
  chosen: readonly (string | null)[]
): (string | null)[] {
  const film = series.find(each => each.id === id)
  const kept = chosen.map(choice =>
    series.some(each => each.id === choice && choice !== id) ? choice : null
  )
  if (!film) return kept
  const rest = series
    .filter(each => each.id !== id && !kept.includes(each.id))
    .flatMap(each => {
      const hours = hoursBetween(film, each)
      return hours === null ? [] : [{ id: each.id, hours }]
    })
  const priors = rest.filter(({ hours }) => hours < 0).sort((a, b) => b.hours - a.hours)
  const later = rest.filter(({ hours }) => hours >= 0).sort((a, b) => a.hours - b.hours)
  const queue = chosen.length > 1 ? [...priors, ...later] : priors
  return kept.map(choice => choice ?? queue.shift()?.id ?? null)
}
