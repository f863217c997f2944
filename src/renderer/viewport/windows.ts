import type { PixelHeader } from '../../contract'
import type { Voi, WindowVoi } from './display-lut'

/** Window presets in the order of their keys, Shift+1 to Shift+6. */
export const WINDOW_PRESETS = ['full', 'auto', 'lung', 'lines', 'pneumothorax', 'as-sent'] as const
export type WindowPreset = (typeof WINDOW_PRESETS)[number]

/** Lowest and highest stored value of a film. */
export interface ValueRange {
  low: number
  high: number
}

/** The window that shows `low` black and `high` white (or the reverse on MONOCHROME1), whichever way they are given. */
export function windowBetween(low: number, high: number): WindowVoi {
  const width = Math.max(Math.abs(high - low), Number.EPSILON * Math.max(1, Math.abs(low)))
  return { kind: 'window', center: (low + high) / 2, width, function: 'LINEAR_EXACT', explanation: null }
}

/** What an automatic window goes by: the values inside the lung mask, or those of the whole body. */
export type WindowBasis = 'lungs' | 'body'

/** What a preset's window goes by; null for one that goes by the file alone. */
export function windowBasis(preset: WindowPreset | null, header: PixelHeader): WindowBasis | null {
  if (preset === null || preset === 'full') return null
  if (preset === 'as-sent' && header.voi.length > 0) return null
  return header.lungs.mask && preset !== 'lines' ? 'lungs' : 'body'
}

/** How far a window reaches beyond the dark and the bright end of the lungs, as shares of the range between. */
const AUTO_MARGINS = [0.08, 0.45] as const
const LUNG_MARGINS = [0.03, 0.05] as const
/** Steep: ends shortly above the lungs' middle, where the pleural line still stands out from air and lung. */
const PNEUMOTHORAX_MARGINS = [0.05, -0.4] as const

/** The window over the values inside the lung mask; null without one. */
function lungWindow(
  { lungs, inverted }: PixelHeader,
  [below, above]: readonly [number, number]
): WindowVoi | null {
  if (!lungs.mask) return null
  const { p0_5, p99_5 } = lungs.mask.percentiles
  const [dark, bright] = inverted ? [p99_5, p0_5] : [p0_5, p99_5]
  return windowBetween(dark - below * (bright - dark), bright + above * (bright - dark))
}

/**
 * The window of a preset. The three clinical ones are set between percentiles of the values inside the body, taken from
 * the dark (aerated lung) to the bright end (bone, mediastinum) whichever way the file stores them:
 * lung: air to well into soft tissue; lines: soft tissue to the brightest; pneumothorax edge: steep, over the dark half.
 * All but lines go by the values inside the lung mask where the film has one (`windowBasis`).
 * 'as-sent' is the file's own transform number `sentIndex`, or 'auto' where it sends none.
 */
export function presetVoi(preset: WindowPreset, header: PixelHeader, range: ValueRange, sentIndex = 0): Voi {
  const { p0_5, p2, p50, p98, p99_5 } = header.percentiles
  const [darkest, dark, middle, bright, brightest] = header.inverted
    ? [p99_5, p98, p50, p2, p0_5]
    : [p0_5, p2, p50, p98, p99_5]
  switch (preset) {
    case 'full':
      return windowBetween(
        range.low * header.slope + header.intercept,
        range.high * header.slope + header.intercept
      )
    case 'auto':
      return lungWindow(header, AUTO_MARGINS) ?? windowBetween(darkest, brightest)
    case 'lung':
      return lungWindow(header, LUNG_MARGINS) ?? windowBetween(darkest, middle + 0.7 * (bright - middle))
    case 'lines':
      return windowBetween(dark + 0.6 * (middle - dark), brightest)
    case 'pneumothorax':
      return (
        lungWindow(header, PNEUMOTHORAX_MARGINS) ?? windowBetween(darkest, middle + 0.15 * (bright - middle))
      )
    case 'as-sent':
      return header.voi[sentIndex % Math.max(1, header.voi.length)] ?? presetVoi('auto', header, range)
  }
}

/** The transform a film opens with: the file's first, or the automatic window where it sends none. */
export function initialPreset(header: PixelHeader): WindowPreset {
  return header.voi.length > 0 ? 'as-sent' : 'auto'
}

/** A transform as a window that can be dragged: a VOI LUT becomes the window over its input range. */
export function asWindow(voi: Voi): WindowVoi {
  if (voi.kind === 'window') return voi
  return windowBetween(voi.firstMapped, voi.firstMapped + voi.values.length - 1)
}

/** Pixels of sideways drag that double the width, and of upward drag that move the centre by one width. */
const DOUBLING_DISTANCE = 240
const CENTRE_DISTANCE = 600

/**
 * The window after a drag: right widens it by a factor (so that a step feels the same on any bit depth), up makes the
 * film brighter. Distances in CSS pixels.
 * @param turned true where high values are shown dark
 */
export function dragWindow(start: WindowVoi, dx: number, dy: number, turned: boolean): WindowVoi {
  const narrowest = start.function === 'LINEAR' ? 2 : Number.MIN_VALUE
  const width = Math.max(narrowest, start.width * 2 ** (dx / DOUBLING_DISTANCE))
  const shift = (dy / CENTRE_DISTANCE) * start.width * (turned ? -1 : 1)
  return { ...start, width, center: start.center + shift, explanation: null }
}

/** Lowest and highest value present. */
export function valueRange(values: Uint16Array): ValueRange {
  let low = 65535
  let high = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (value < low) low = value
    if (value > high) high = value
  }
  return { low, high }
}
