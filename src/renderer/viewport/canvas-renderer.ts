import { displayLut } from './display-lut'
import { paint, SURROUND_GREY } from './reference'
import type { Film, FilmRenderer, Scene } from './renderer'
import { resample } from './resample'
import { filmFromCanvas, frameOf, initialView, type Affine, type Frame } from './view-transform'

interface Resampled {
  film: Film
  matrix: Affine
  width: number
  height: number
  stored: Float32Array
}

function samePlace(a: Resampled, film: Film, matrix: Affine, frame: Frame): boolean {
  return (
    a.film === film &&
    a.width === frame.width &&
    a.height === frame.height &&
    (Object.keys(matrix) as (keyof Affine)[]).every(key => a.matrix[key] === matrix[key])
  )
}

/** The same picture without a graphics card, by the reference's own functions; slower, never different. */
export function createCanvasRenderer(canvas: HTMLCanvasElement): FilmRenderer {
  const context = canvas.getContext('2d', { alpha: false })!
  let current: Resampled | null = null
  let ahead: Resampled | null = null
  let drawn: Scene | null = null
  let lut: Uint16Array = new Uint16Array(0)
  let picture: ImageData | null = null

  function resampled(film: Film, matrix: Affine, frame: Frame): Resampled {
    for (const known of [current, ahead]) if (known && samePlace(known, film, matrix, frame)) return known
    const { width, height } = frame
    const { rows, columns } = film.header
    const stored = resample({ values: film.values, rows, columns }, matrix, width, height)
    return { film, matrix, width, height, stored }
  }

  return {
    kind: 'canvas',
    prepare(film) {
      if (!drawn || ahead?.film === film) return
      const frame = frameOf(film, drawn.frame.width, drawn.frame.height)
      ahead = resampled(film, filmFromCanvas(initialView(frame), frame), frame)
    },
    draw(scene) {
      if (!scene) {
        drawn = current = null
        context.fillStyle = `rgb(${SURROUND_GREY}, ${SURROUND_GREY}, ${SURROUND_GREY})`
        context.fillRect(0, 0, canvas.width, canvas.height)
        return
      }
      const { film, view, frame, display, overlay } = scene
      if (canvas.width !== frame.width) canvas.width = frame.width
      if (canvas.height !== frame.height) canvas.height = frame.height
      current = resampled(film, filmFromCanvas(view, frame), frame)
      if (drawn?.film !== film || drawn.display !== display) lut = displayLut(film.header, display)
      drawn = scene
      if (picture?.width !== frame.width || picture.height !== frame.height)
        picture = context.createImageData(frame.width, frame.height)
      paint(current.stored, lut, picture.data, { view, frame }, overlay)
      context.putImageData(picture, 0, 0)
    },
    dispose() {
      drawn = current = ahead = picture = null
    }
  }
}
