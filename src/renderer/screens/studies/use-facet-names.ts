import { useI18n } from 'vue-i18n'
import { useTagText } from '../../composables/tag-text'
import { FILM_TAGS } from '../../../contract'
import type { FacetKey } from '../../../contract'
import { bandRange, bandUnitKey, facetValueKey, isBand } from './facet-values'

/** A facet's value in the reader's language; what is data (sites, views) as it is. */
export function useFacetNames(): (facet: FacetKey, value: string) => string {
  const { t, te } = useI18n()
  const tagText = useTagText()
  return (facet, value) => {
    if (isBand(facet) && /\d/.test(value)) return t(bandUnitKey(facet, value), { range: bandRange(value) })
    if ((facet === 'finding' || facet === 'device') && FILM_TAGS.includes(value)) return tagText(value)
    const key = facetValueKey(facet, value)
    return key && te(key) ? t(key) : value
  }
}
