import { formatMetric, formatSigned } from '../../format'
import type { Figure } from '../../../contract'

/** '0.861–0.884'; empty where there is no interval. */
export function intervalText(figure: Figure): string {
  if (!figure || figure.low === null || figure.high === null) return ''
  return `${formatMetric(figure.low)}–${formatMetric(figure.high)}`
}

/** The same of a difference: '−0.020 … +0.013'. */
export function differenceInterval(figure: Figure): string {
  if (!figure || figure.low === null || figure.high === null) return ''
  return `${formatSigned(figure.low)} … ${formatSigned(figure.high)}`
}

/** True where the interval lies wholly on one side of nothing. */
export function excludesZero(figure: Figure): boolean {
  if (!figure || figure.low === null || figure.high === null) return false
  return figure.low > 0 || figure.high < 0
}
