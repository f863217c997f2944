import { useI18n } from 'vue-i18n'
import { UNKNOWN_SITE } from '../../contract'

/** A site as it is shown: its own name, or in the reader's language that none is known. */
export function useSiteName(): (site: string) => string {
  const { t } = useI18n()
  return site => (site === UNKNOWN_SITE ? t('state.unknownSite') : site)
}
