import { DIAGNOSES, UNKNOWN_SITE } from '../../../contract'
import type { FacetKey } from '../../../contract'

/** Values that have an order of their own; those of other facets go by count, as they come. */
const ORDER: Partial<Record<FacetKey, readonly string[]>> = {
  label: [...DIAGNOSES, 'unlabelled'],
  predicted: [...DIAGNOSES, 'none'],
  agreement: ['agree', 'disagree', 'unknown'],
  contextState: ['ok', 'missing', 'warn', 'confirm', 'blocked'],
  gaBand: ['<28', '28-31', '32-33', '34-36', '>=37', 'unknown'],
  bwBand: ['<1000', '1000-1499', '1500-2499', '2500-3999', '>=4000', 'unknown'],
  certainty: ['sure', 'unsure', 'none'],
  hasPrior: ['yes', 'no']
}

/** i18n key of a facet's value; null for values that are data (sites, views) and show as they are. */
export function facetValueKey(facet: FacetKey, value: string): string | null {
  if ((facet === 'label' || facet === 'predicted') && (DIAGNOSES as readonly string[]).includes(value)) {
    return `diagnosis.${value}.short`
  }
  if (facet === 'contextState') return `context.${value}`
  if (facet === 'certainty') return value === 'none' ? 'studies.value.unlabelled' : `certainty.${value}`
  if (facet === 'site' && value === UNKNOWN_SITE) return 'state.unknownSite'
  if (facet === 'site' || (facet === 'viewPosition' && value !== 'unknown')) return null
  return `studies.value.${value}`
}

export function isBand(facet: FacetKey): facet is 'gaBand' | 'bwBand' {
  return facet === 'gaBand' || facet === 'bwBand'
}

/** A band as printed: '28-31' -> '28–31', '>=37' -> '≥ 37'. */
export function bandRange(band: string): string {
  return band.replace('>=', '≥ ').replace('<', '< ').replace('-', '–')
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
