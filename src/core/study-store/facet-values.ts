import { bwBand, gaBand } from '../domain'
import type { FacetKey, FilmRow } from './types'

/** The value of each facet for one film, absent ones named: see contract/films.ts. */
export const FACET_VALUE: Record<FacetKey, (film: FilmRow) => string> = {
  site: film => film.site,
  label: film => film.label ?? 'unlabelled',
  predicted: film => film.predicted ?? 'none',
  agreement: film =>
    film.label === null || film.predicted === null
      ? 'unknown'
      : film.label === film.predicted
        ? 'agree'
        : 'disagree',
  contextState: film => film.contextState,
  gaBand: film => gaBand(film.gaDays),
  bwBand: film => bwBand(film.bwGrams),
  certainty: film => film.certainty ?? 'none',
  hasPrior: film => (film.filmNumber > 1 ? 'yes' : 'no'),
  viewPosition: film => film.viewPosition ?? 'unknown'
}
