import { ageBand, bwBand, gaBand } from '../domain'
import type { FacetKey, FilmRow } from './types'

/** Bands of the predicted class's probability, in per cent. */
function confidenceBand(confidence: number | null): string {
  if (confidence === null) return 'none'
  return confidence < 0.5 ? '<50' : confidence < 0.7 ? '50-69' : confidence < 0.9 ? '70-89' : '>=90'
}

/** The value of each facet for one film, absent ones named: see contract/films.ts. */
export const FACET_VALUE: Record<FacetKey, (film: FilmRow) => string> = {
  site: film => film.site,
  label: film => film.label ?? 'unlabelled',
  labelState: film =>
    film.label === null ? 'unlabelled' : film.labelSource === 'reader' ? 'reader' : 'import',
  predicted: film => film.predicted ?? 'none',
  agreement: film =>
    film.label === null || film.predicted === null
      ? 'unknown'
      : film.label === film.predicted
        ? 'agree'
        : 'disagree',
  confidenceBand: film => confidenceBand(film.confidence),
  contextState: film => film.contextState,
  gaBand: film => gaBand(film.gaDays),
  bwBand: film => bwBand(film.bwGrams),
  ageBand: film => ageBand(film.ageHours),
  sex: film => film.sex ?? 'unknown',
  certainty: film => film.certainty ?? 'none',
  splitSide: film => film.splitSide ?? 'none',
  hasPrior: film => (film.filmNumber > 1 ? 'yes' : 'no'),
  viewPosition: film => film.viewPosition ?? 'unknown'
}
