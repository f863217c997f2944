import type { FilmPixels } from '../../contract'
import { blendOverlay, mapScale, mapValue, type Overlay } from './activation-overlay'
import { displayGrey, displayLut, type Display } from './display-lut'
import { resample } from './resample'
import { filmFromCanvas, type Frame, type View } from './view-transform'

/** What surrounds the film. */
export const SURROUND_GREY = 0

/** Canvas pixels from resampled stored values; `rgba` is written in place. */
export function paint(
  stored: Float32Array,
  lut: Uint16Array,
  rgba: Uint8ClampedArray,
  place: { view: View; frame: Frame },
  overlay: Overlay | null
): void {
  // One write per pixel; the four bytes are equal but for alpha, which is last on every machine there is.
  const pixels = new Uint32Array(rgba.buffer, rgba.byteOffset, stored.length)
  for (let i = 0; i < stored.length; i++) {
    const value = stored[i]!
    const grey = Number.isNaN(value) ? SURROUND_GREY : displayGrey(lut, value)
    pixels[i] = 0xff000000 | (grey * 0x010101)
  }
  if (overlay) paintOverlay(stored, rgba, place, overlay)
}

function paintOverlay(
  stored: Float32Array,
  rgba: Uint8ClampedArray,
  { view, frame }: { view: View; frame: Frame },
  { map, opacity }: Overlay
): void {
  const scale = mapScale(map)
  if (scale === 0) return
  const m = filmFromCanvas(view, frame)
  for (let i = 0, at = 0; i < stored.length; i++, at += 4) {
    if (Number.isNaN(stored[i]!)) continue
    const x = (i % frame.width) + 0.5
    const y = Math.floor(i / frame.width) + 0.5
    const strength = mapValue(map, m.a * x + m.c * y + m.e, m.b * x + m.d * y + m.f) / scale
    rgba.set(blendOverlay(rgba[at]!, strength, opacity), at)
  }
}

/**
 * The whole picture computed on the CPU by the formulas of PS3.3: what every renderer must show, pixel for pixel.
 * Returns width * height * 4 RGBA bytes.
 */
export function renderReference(
  film: FilmPixels,
  display: Display,
  view: View,
  frame: Frame,
  overlay: Overlay | null = null,
  nearest = false
): Uint8ClampedArray {
  const { rows, columns } = film.header
  const stored = resample(
    { values: film.values, rows, columns },
    filmFromCanvas(view, frame),
    frame.width,
    frame.height,
    nearest
  )
  const rgba = new Uint8ClampedArray(frame.width * frame.height * 4)
  paint(stored, displayLut(film.header, display), rgba, { view, frame }, overlay)
  return rgba
}
