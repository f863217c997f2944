import { formatMetric } from '../../format'
import type { AgreementFigure } from '../../../contract'

/** A minus as it is printed, and none before nothing: '-0.00' -> '0.00'. */
const signed = (digits: string) => (Number(digits) === 0 ? digits.replace('-', '') : digits.replace('-', '−'))

export const estimateText = (figure: AgreementFigure): string =>
  signed(formatMetric(figure?.estimate ?? null))

/** '0.61–0.84'; empty where there is no interval. */
export function intervalText(figure: AgreementFigure): string {
  if (!figure || figure.low === null || figure.high === null) return ''
  const [low, high] = [figure.low, figure.high].map(value => signed(value.toFixed(2)))
  return figure.low < 0 ? `${low} … ${high}` : `${low}–${high}`
}
