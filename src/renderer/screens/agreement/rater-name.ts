import { useI18n } from 'vue-i18n'
import type { Rater } from '../../../contract'

/** A rater as it is shown: readers and models by name, the project's labels as such. */
export function useRaterName(): (rater: Rater) => string {
  const { t } = useI18n()
  return ({ kind, name }) =>
    kind === 'reader' ? name : kind === 'label' ? t('agreement.labels') : t('agreement.model', { name })
}
