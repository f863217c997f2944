import { useI18n } from 'vue-i18n'
import { isDeviceTag, tagCode, tagDetail } from '../../contract'

/** A finding or device as it is read: 'Pneumothorax, left', 'ETT: too low'. */
export function useTagText(): (tag: string) => string {
  const { t } = useI18n()
  return tag => {
    const [code, detail] = [tagCode(tag), tagDetail(tag)]
    if (isDeviceTag(tag)) {
      return t('tags.placed', { device: t(`tags.device.${code}`), position: t(`tags.position.${detail}`) })
    }
    const finding = t(`tags.finding.${code}`)
    return detail === null ? finding : t('tags.sided', { finding, side: t(`tags.side.${detail}`) })
  }
}
