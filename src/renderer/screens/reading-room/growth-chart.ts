import type { GrowthCurves } from '../../../contract'

export interface ChartBox {
  width: number
  height: number
  left: number
  right: number
  top: number
  bottom: number
}

export interface ChartLine {
  key: string
  sex: 'M' | 'F'
  z: number
  /** SVG path between the published ages, and those before and after them. */
  solid: string
  dashed: string[]
  /** Where the line ends, for its name. */
  end: { x: number; y: number }
}

/** Highest weight on the chart; heavier infants are marked at its edge. */
export const TOP_GRAMS = 5200

export interface GrowthScale {
  x(days: number): number
  y(grams: number): number
}

export function growthScale({ days }: GrowthCurves, box: ChartBox): GrowthScale {
  const [first, last] = [days[0]!, days.at(-1)!]
  return {
    x: day => box.left + ((day - first) / (last - first)) * (box.width - box.left - box.right),
    y: grams => box.height - box.bottom - (grams / TOP_GRAMS) * (box.height - box.top - box.bottom)
  }
}

/** Lines of the chart, cut where the published values begin and end. */
export function growthLines(curves: GrowthCurves, scale: GrowthScale): ChartLine[] {
  const { days, published } = curves
  const from = days.indexOf(published.first)
  const to = days.indexOf(published.last)
  return curves.curves.map(({ sex, z, grams }) => {
    const path = (start: number, stop: number) =>
      days
        .slice(start, stop + 1)
        .map((day, place) => {
          const [x, y] = [scale.x(day), scale.y(grams[start + place]!)]
          return `${place === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`
        })
        .join('')
    const last = days.length - 1
    return {
      key: `${sex}${z}`,
      sex,
      z,
      solid: path(from, to),
      dashed: [path(0, from), path(to, last)],
      end: { x: scale.x(days[last]!), y: scale.y(grams[last]!) }
    }
  })
}

/** Share of the reference population below a z-score, as a centile for reading: '<1', '3', '50', '>99'. */
export function centileOf(z: number): string {
  const share = 100 * normalBelow(z)
  if (share < 1) return '<1'
  return share > 99 ? '>99' : String(Math.round(share))
}

/** Standard normal distribution function; Abramowitz and Stegun 26.2.17, error below 7.5e-8. */
function normalBelow(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z))
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  const tail = (Math.exp(-(z * z) / 2) / Math.sqrt(2 * Math.PI)) * series
  return z < 0 ? tail : 1 - tail
}
