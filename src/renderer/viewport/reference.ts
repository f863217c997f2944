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
  const { width } = place.frame
  const m = filmFromCanvas(place.view, place.frame)
  const scale = overlay ? mapScale(overlay.map) : 0
  for (let i = 0; i < stored.length; i++) {
    const value = stored[i]!
    const outside = Number.isNaN(value)
    const grey = outside ? SURROUND_GREY : displayGrey(lut, value)
    let red = grey
    let green = grey
    let blue = grey
    if (overlay && scale > 0 && !outside) {
      const x = (i % width) + 0.5
      const y = Math.floor(i / width) + 0.5
      const strength = mapValue(overlay.map, m.a * x + m.c * y + m.e, m.b * x + m.d * y + m.f) / scale
      ;[red, green, blue] = blendOverlay(grey, strength, overlay.opacity)
    }
    rgba[i * 4] = red
    rgba[i * 4 + 1] = green
    rgba[i * 4 + 2] = blue
    rgba[i * 4 + 3] = 255
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
  overlay: Overlay | null = null
): Uint8ClampedArray {
  const { rows, columns } = film.header
  const stored = resample(
    { values: film.values, rows, columns },
    filmFromCanvas(view, frame),
    frame.width,
    frame.height
  )
  const rgba = new Uint8ClampedArray(frame.width * frame.height * 4)
  paint(stored, displayLut(film.header, display), rgba, { view, frame }, overlay)
  return rgba
}
