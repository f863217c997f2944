import { displayLut } from './display-lut'
import { paint, SURROUND_GREY } from './reference'
import type { FilmRenderer, Scene } from './renderer'
import { resample } from './resample'
import { filmFromCanvas } from './view-transform'

/** The same picture without a graphics card, by the reference's own functions; slower, never different. */
export function createCanvasRenderer(canvas: HTMLCanvasElement): FilmRenderer {
  const context = canvas.getContext('2d', { alpha: false })!
  let drawn: Scene | null = null
  let stored: Float32Array = new Float32Array(0)
  let lut: Uint16Array = new Uint16Array(0)

  return {
    kind: 'canvas',
    prepare() {},
    draw(scene) {
      if (!scene) {
        drawn = null
        context.fillStyle = `rgb(${SURROUND_GREY}, ${SURROUND_GREY}, ${SURROUND_GREY})`
        context.fillRect(0, 0, canvas.width, canvas.height)
        return
      }
      const { film, view, frame, display, overlay } = scene
      if (canvas.width !== frame.width) canvas.width = frame.width
      if (canvas.height !== frame.height) canvas.height = frame.height
      if (drawn?.film !== film || drawn.view !== view || drawn.frame !== frame) {
        const { rows, columns } = film.header
        stored = resample(
          { values: film.values, rows, columns },
          filmFromCanvas(view, frame),
          frame.width,
          frame.height
        )
      }
      if (drawn?.film !== film || drawn.display !== display) lut = displayLut(film.header, display)
      drawn = scene
      const picture = context.createImageData(frame.width, frame.height)
      paint(stored, lut, picture.data, { view, frame }, overlay)
      context.putImageData(picture, 0, 0)
    },
    dispose() {
      drawn = null
      stored = new Float32Array(0)
    }
  }
}
