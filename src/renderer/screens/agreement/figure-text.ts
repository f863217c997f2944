import { formatMetric } from '../../format'
import type { AgreementFigure } from '../../../contract'

/** Kappas below chance have the sign that a minus has in print. */
export const estimateText = (figure: AgreementFigure): string =>
  formatMetric(figure?.estimate ?? null).replace('-', '−')

/** '0.61–0.84'; empty where there is no interval. */
export function intervalText(figure: AgreementFigure): string {
  if (!figure || figure.low === null || figure.high === null) return ''
  const [low, high] = [figure.low, figure.high].map(value => value.toFixed(2).replace('-', '−'))
  return figure.low < 0 ? `${low} … ${high}` : `${low}–${high}`
}
