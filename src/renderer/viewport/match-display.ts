import type { Film } from './renderer'
import type { ViewportState } from './viewport'
import { asWindow, initialPreset, presetVoi, windowBetween } from './windows'

/** What of a viewport's state makes its greys. */
export type Shades = Pick<ViewportState, 'display' | 'preset' | 'sentIndex'>

/**
 * The greys of one film carried over to another: the same preset where one stands, else the same window in shares of each
 * film's own automatic one. Centre and width themselves mean nothing on a film of another exposure or detector.
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
  const [black, white] = automaticEnds(from)
  const [toBlack, toWhite] = automaticEnds(to)
  const { center, width } = asWindow(voi)
  const place = (value: number) => toBlack + ((value - black) / (white - black)) * (toWhite - toBlack)
  return {
    preset: null,
    sentIndex: 0,
    display: { inverted, voi: windowBetween(place(center - width / 2), place(center + width / 2)) }
  }
}

/** Values that the automatic window shows black and white. */
function automaticEnds({ header, range }: Film): [number, number] {
  const { center, width } = asWindow(presetVoi('auto', header, range))
  const [low, high] = [center - width / 2, center + width / 2]
  return header.inverted ? [high, low] : [low, high]
}
