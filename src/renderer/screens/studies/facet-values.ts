import { DIAGNOSES } from '../../../contract'
import type { FacetKey } from '../../../contract'

/** i18n key of a facet's value; null for values that are data (sites, bands, views) and show as they are. */
export function facetValueKey(facet: FacetKey, value: string): string | null {
  if ((facet === 'label' || facet === 'predicted') && (DIAGNOSES as readonly string[]).includes(value)) {
    return `diagnosis.${value}.short`
  }
  if (facet === 'contextState') return `context.${value}`
  if (facet === 'certainty' && value !== 'unknown') return `certainty.${value}`
  if (facet === 'gaBand' || facet === 'bwBand') return value === 'unknown' ? 'studies.value.unknown' : null
  if (facet === 'site') return null
  return `studies.value.${value}`
}
