import { DIAGNOSES, FILM_TAGS, isDeviceTag, tagCode, UNKNOWN_SITE } from '../../../contract'
import type { FacetKey } from '../../../contract'

/** Facets in the order of the panel. */
export const FACET_ORDER: readonly FacetKey[] = [
  'label',
  'labelState',
  'certainty',
  'finding',
  'device',
  'predicted',
  'agreement',
  'confidenceBand',
  'contextState',
  'gaBand',
  'bwBand',
  'ageBand',
  'sex',
  'site',
  'splitSide',
  'hasPrior',
  'viewPosition'
]

/** Values that have an order of their own; those of other facets go by count, as they come. */
const ORDER: Partial<Record<FacetKey, readonly string[]>> = {
  label: [...DIAGNOSES, 'unlabelled'],
  predicted: [...DIAGNOSES, 'none'],
  labelState: ['reader', 'import', 'unlabelled'],
  confidenceBand: ['<50', '50-69', '70-89', '>=90', 'none'],
  ageBand: ['<6h', '6-24h', '24-72h', '3-28d', '>28d', 'unknown'],
  sex: ['F', 'M', 'unknown'],
  splitSide: ['train', 'validation', 'test', 'none'],
  agreement: ['agree', 'disagree', 'unknown'],
  contextState: ['ok', 'missing', 'warn', 'confirm', 'blocked'],
  gaBand: ['<28', '28-31', '32-33', '34-36', '>=37', 'unknown'],
  bwBand: ['<1000', '1000-1499', '1500-2499', '2500-3999', '>=4000', 'unknown'],
  certainty: ['sure', 'unsure', 'none'],
  finding: [...new Set(FILM_TAGS.map(tagCode)), 'none'],
  device: ['misplaced', ...FILM_TAGS.filter(isDeviceTag), 'none'],
  hasPrior: ['yes', 'no']
}

/** i18n key of a facet's value; null for values that are data (sites, views) and show as they are. */
export function facetValueKey(facet: FacetKey, value: string): string | null {
  if ((facet === 'label' || facet === 'predicted') && (DIAGNOSES as readonly string[]).includes(value)) {
    return `diagnosis.${value}.short`
  }
  if (facet === 'contextState') return `context.${value}`
  if (facet === 'sex' && value !== 'unknown') return `sex.${value}`
  if (facet === 'finding' || facet === 'device')
    return value === 'none' || value === 'misplaced' ? `tags.${value}` : null
  if (facet === 'splitSide') return `studies.side.${value}`
  if (facet === 'labelState' && value !== 'unlabelled') return `studies.labelState.${value}`
  if (facet === 'certainty') return value === 'none' ? 'studies.value.unlabelled' : `certainty.${value}`
  if (facet === 'site' && value === UNKNOWN_SITE) return 'state.unknownSite'
  if (facet === 'site' || (facet === 'viewPosition' && value !== 'unknown')) return null
  return `studies.value.${value}`
}

const BANDS = ['gaBand', 'bwBand', 'ageBand', 'confidenceBand'] as const
export type BandFacet = (typeof BANDS)[number]

export function isBand(facet: FacetKey): facet is BandFacet {
  return (BANDS as readonly string[]).includes(facet)
}

/** A band as printed: '28-31' -> '28–31', '>=37' -> '≥ 37', '<6h' -> '< 6'. */
export function bandRange(band: string): string {
  return band.replace('>=', '≥ ').replace('>', '> ').replace('<', '< ').replace('-', '–').replace(/[hd]$/, '')
}

/** i18n key of a band's unit: postnatal ages are in hours, then in days. */
export function bandUnitKey(facet: BandFacet, band: string): string {
  return facet === 'ageBand' ? `studies.ageBand.${band.at(-1)}` : `studies.${facet}`
}

/** Values in the order in which a reader expects them; unknown ones last. */
export function inFacetOrder<Counted extends { value: string }>(
  facet: FacetKey,
  values: Counted[]
): Counted[] {
  const order = ORDER[facet]
  if (!order) return values
  const place = (value: string) => (order.includes(value) ? order.indexOf(value) : order.length)
  return [...values].sort((a, b) => place(a.value) - place(b.value))
}
