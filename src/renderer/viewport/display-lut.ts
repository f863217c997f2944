import type { PixelHeader } from '../../contract'

/** One VOI transform, as the file sends it or as the reader sets it; in modality values. */
export type Voi = PixelHeader['voi'][number]
export type WindowVoi = Extract<Voi, { kind: 'window' }>

/** How stored values become grey: the VOI transform, and whether the reader turned the greys round. */
export interface Display {
  voi: Voi
  inverted: boolean
}

/** True where both give every value the same grey. */
export function sameDisplay(a: Display, b: Display): boolean {
  return a.inverted === b.inverted && sameVoi(a.voi, b.voi)
}

function sameVoi(a: Voi, b: Voi): boolean {
  if (a === b) return true
  if (a.kind === 'lut' || b.kind === 'lut') return false
  return a.center === b.center && a.width === b.width && a.function === b.function
}

/** Entries of a display table: one per possible stored value. */
const LUT_SIZE = 65536
/** White in a display table: 255 in 8.8 fixed point. */
const LUT_WHITE = 255 * 256

/**
 * Grey of a modality value, 0 (black) to 1 (white), before any inversion. PS3.3 C.11.2.1.2 (LINEAR),
 * C.11.2.1.3.1 (SIGMOID), C.11.2.1.3.2 (LINEAR_EXACT), C.11.2.1.1 (VOI LUT).
 */
export function voiGrey(voi: Voi, value: number): number {
  if (voi.kind === 'lut') {
    const last = voi.values.length - 1
    const index = Math.min(last, Math.max(0, Math.round(value) - voi.firstMapped))
    return Math.min(1, voi.values[index]! / (2 ** voi.bits - 1))
  }
  const { center, width } = voi
  switch (voi.function) {
    case 'SIGMOID':
      return 1 / (1 + Math.exp((-4 * (value - center)) / width))
    case 'LINEAR_EXACT':
      if (value <= center - width / 2) return 0
      if (value > center + width / 2) return 1
      return (value - center) / width + 0.5
    case 'LINEAR':
      if (value <= center - 0.5 - (width - 1) / 2) return 0
      if (value > center - 0.5 + (width - 1) / 2) return 1
      return (value - (center - 0.5)) / (width - 1) + 0.5
  }
}

/**
 * Display table over all 65,536 stored values in 8.8 fixed point, 0..LUT_WHITE, rounded down: so that
 * `(entry + 128) >> 8` is exactly the 8-bit grey nearest to the formula's, with integers alone. MONOCHROME1
 * (`header.inverted`) and the reader's own inversion are applied here and nowhere else.
 */
export function displayLut(
  header: PixelHeader,
  display: Display,
  out = new Uint16Array(LUT_SIZE)
): Uint16Array {
  const turned = header.inverted !== display.inverted
  for (let stored = 0; stored < LUT_SIZE; stored++) {
    const grey = voiGrey(display.voi, stored * header.slope + header.intercept)
    out[stored] = Math.floor((turned ? 1 - grey : grey) * LUT_WHITE)
  }
  return out
}

/** 8-bit grey of a stored value that interpolation may have left between two whole ones. */
export function displayGrey(lut: Uint16Array, stored: number): number {
  const below = Math.floor(stored)
  const low = lut[below]!
  const high = lut[Math.min(below + 1, LUT_SIZE - 1)]!
  return Math.floor((low + (high - low) * (stored - below) + 128) / 256)
}
