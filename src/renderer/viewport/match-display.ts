import type { Film } from './renderer'
import type { ViewportState } from './viewport'
import { asWindow, initialPreset, presetVoi, windowBetween } from './windows'

/** What of a viewport's state makes its greys. */
export type Shades = Pick<ViewportState, 'display' | 'preset' | 'sentIndex'>

/**
 * The greys of one film carried over to another: the same preset where one stands, else the same window in shares of each
 * film's own range inside the body. Centre and width themselves mean nothing on a film of another exposure or detector.
 */
export function matchDisplay(from: Film, shades: Shades, to: Film): Shades {
  if (!shades.display) return shades
  const { inverted, voi } = shades.display
  if (shades.preset) {
    const preset = shades.preset === 'as-sent' ? initialPreset(to.header) : shades.preset
    const sentIndex = shades.sentIndex % Math.max(1, to.header.voi.length)
    return {
      preset,
      sentIndex,
      display: { inverted, voi: presetVoi(preset, to.header, to.range, sentIndex) }
    }
  }
  const [black, white] = bodyEnds(from)
  const [toBlack, toWhite] = bodyEnds(to)
  const { center, width } = asWindow(voi)
  const place = (value: number) => toBlack + ((value - black) / (white - black || 1)) * (toWhite - toBlack)
  return {
    preset: null,
    sentIndex: 0,
    display: { inverted, voi: windowBetween(place(center - width / 2), place(center + width / 2)) }
  }
}

/** The dark and the bright end of the body: they are there for every film, whatever its automatic window is made from. */
function bodyEnds({ header }: Film): [number, number] {
  const { p0_5, p99_5 } = header.percentiles
  return header.inverted ? [p99_5, p0_5] : [p0_5, p99_5]
}
