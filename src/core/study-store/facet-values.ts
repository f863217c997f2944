import { ageBand, bwBand, gaBand } from '../domain'
import type { FacetKey, FilmRow } from './types'

/** Bands of the predicted class's probability, in per cent. */
function confidenceBand(confidence: number | null): string {
  if (confidence === null) return 'none'
  return confidence < 0.5 ? '<50' : confidence < 0.7 ? '50-69' : confidence < 0.9 ? '70-89' : '>=90'
}

/** Findings count whatever their side; lines and tubes, of which every tag says a position, by where they lie. */
const FINDING_SIDES = /:(?:left|right|both)$/
const IN_PLACE = /:(?:absent|well-placed)$/
const isDevice = (tag: string) => tag.includes(':') && !FINDING_SIDES.test(tag)
const findings = (tags: readonly string[]) =>
  tags
    .filter(tag => !isDevice(tag))
    .map(tag => tag.replace(FINDING_SIDES, ''))
    .join(' ')
function devices(tags: readonly string[]): string {
  const placed = tags.filter(isDevice)
  return (placed.every(tag => IN_PLACE.test(tag)) ? placed : ['misplaced', ...placed]).join(' ')
}

/** Facets of which a film has several values; FACET_VALUE joins them by spaces. */
const SEVERAL: ReadonlySet<FacetKey> = new Set<FacetKey>(['finding', 'device'])

/** The single values behind what FACET_VALUE says. */
export function facetValues(key: FacetKey, value: string): string[] {
  return SEVERAL.has(key) ? value.split(' ') : [value]
}

/** The value of each facet for one film, absent ones named: see contract/films.ts. */
export const FACET_VALUE: Record<FacetKey, (film: FilmRow) => string> = {
  site: film => film.site,
  label: film => film.label ?? 'unlabelled',
  labelState: film =>
    film.label === null ? 'unlabelled' : film.labelSource === 'reader' ? 'reader' : 'import',
  finding: film => findings(film.tags) || 'none',
  device: film => devices(film.tags) || 'none',
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
