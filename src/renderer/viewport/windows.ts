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

/**
 * The window of a preset. The three clinical ones are set between percentiles of the values inside the body, taken from
 * the dark (aerated lung) to the bright end (bone, mediastinum) whichever way the file stores them:
 * lung: air to well into soft tissue; lines: soft tissue to the brightest; pneumothorax edge: steep, over the dark half.
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
      return windowBetween(darkest, brightest)
    case 'lung':
      return windowBetween(darkest, middle + 0.7 * (bright - middle))
    case 'lines':
      return windowBetween(dark + 0.6 * (middle - dark), brightest)
    case 'pneumothorax':
      return windowBetween(darkest, dark + 0.7 * (middle - dark))
    case 'as-sent':
      return header.voi[sentIndex % Math.max(1, header.voi.length)] ?? windowBetween(darkest, brightest)
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
