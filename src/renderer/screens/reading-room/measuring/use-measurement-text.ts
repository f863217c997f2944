import { useI18n } from 'vue-i18n'
import type { AnnotationValue } from '../../../../contract'
import { measure, spacingPlane, type Extent, type Film } from '../../../viewport'

/** What an annotation measures, as it is written on the film: one line for a length or an angle, three for a region. */
export function useMeasurementText() {
  const { t, locale } = useI18n()

  const number = (value: number, digits = Math.abs(value) < 1000 ? 1 : 0) =>
    new Intl.NumberFormat(locale.value, { maximumFractionDigits: digits }).format(value)
  /** As many digits as a value of this size deserves. */
  const size = ({ value }: Extent) => (value < 10 ? number(value, 2) : number(value))

  function lines(film: Film, value: AnnotationValue): string[] {
    const { spacing, unit } = film.header
    const plane = spacing ? t(`measure.plane.${spacingPlane(spacing)}.short`) : ''
    const measured = measure(film, value)
    switch (measured.kind) {
      case 'length': {
        const { length } = measured
        return [`${size(length)} ${length.unit}${plane && ` · ${plane}`}`]
      }
      case 'angle':
        return [`${number(measured.degrees)}°`]
      default: {
        const { area, statistics } = measured
        const covered = `${size(area)} ${area.unit}²${plane && ` · ${plane}`}`
        if (!statistics) return [covered]
        const of = unit && unit !== 'US' ? ` ${unit}` : ''
        const { mean, sd, min, max, count } = statistics
        return [
          `${t('measure.mean')} ${number(mean)} · ${t('measure.sd')} ${number(sd)}${of}`,
          `${t('measure.min')} ${number(min)} · ${t('measure.max')} ${number(max)}`,
          `${covered} · n ${number(count, 0)}`
        ]
      }
    }
  }

  /** Where millimetres on this film come from, or that there are none. */
  function provenance(film: Film): string {
    const { spacing } = film.header
    if (!spacing) return t('measure.noSpacing')
    return t(`measure.plane.${spacingPlane(spacing)}.long`, { source: t(`measure.source.${spacing.source}`) })
  }

  return { lines, provenance }
}
