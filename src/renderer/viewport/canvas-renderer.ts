import { displayLut, sameDisplay } from './display-lut'
import { paint, SURROUND_GREY } from './reference'
import type { FilmRenderer, Scene } from './renderer'
import { resample } from './resample'
import { filmFromCanvas, type Affine } from './view-transform'

/** A scene as painted, with what another scene of the same film can take over. */
interface Picture {
  scene: Scene
  matrix: Affine
  stored: Float32Array
  lut: Uint16Array
  image: ImageData
}

function samePlace(picture: Picture, { film, frame, nearest }: Scene, matrix: Affine): boolean {
  const { scene } = picture
  return (
    scene.film === film &&
    Boolean(scene.nearest) === Boolean(nearest) &&
    scene.frame.width === frame.width &&
    scene.frame.height === frame.height &&
    (Object.keys(matrix) as (keyof Affine)[]).every(key => picture.matrix[key] === matrix[key])
  )
}

function isOf(picture: Picture, scene: Scene): boolean {
  return (
    picture.scene.overlay === scene.overlay &&
    sameDisplay(picture.scene.display, scene.display) &&
    samePlace(picture, scene, filmFromCanvas(scene.view, scene.frame))
  )
}

/** The same picture without a graphics card, by the reference's own functions; slower, never different. */
export function createCanvasRenderer(canvas: HTMLCanvasElement): FilmRenderer {
  const context = canvas.getContext('2d', { alpha: false })!
  let current: Picture | null = null
  let ahead: Picture | null = null

  function imageFor({ width, height }: Scene['frame']): ImageData {
    const kept = current?.image
    return kept?.width === width && kept.height === height ? kept : context.createImageData(width, height)
  }

  /** @param before a picture of which parts may be taken over */
  function painted(scene: Scene, before: Picture | null, image: ImageData): Picture {
    const { film, view, frame, display, overlay, nearest } = scene
    const { rows, columns } = film.header
    const matrix = filmFromCanvas(view, frame)
    const stored =
      before && samePlace(before, scene, matrix)
        ? before.stored
        : resample({ values: film.values, rows, columns }, matrix, frame.width, frame.height, nearest)
    const lut =
      before?.scene.film === film && sameDisplay(before.scene.display, display)
        ? before.lut
        : displayLut(film.header, display)
    paint(stored, lut, image.data, { view, frame }, overlay)
    return { scene, matrix, stored, lut, image }
  }

  return {
    kind: 'canvas',
    prepare(scene) {
      if (ahead && isOf(ahead, scene)) return
      ahead = painted(scene, null, context.createImageData(scene.frame.width, scene.frame.height))
    },
    draw(scene) {
      if (!scene) {
        current = null
        context.fillStyle = `rgb(${SURROUND_GREY}, ${SURROUND_GREY}, ${SURROUND_GREY})`
        context.fillRect(0, 0, canvas.width, canvas.height)
        return
      }
      const { frame } = scene
      if (canvas.width !== frame.width) canvas.width = frame.width
      if (canvas.height !== frame.height) canvas.height = frame.height
      if (ahead && isOf(ahead, scene)) {
        // What was shown is kept in its place: two films may be shown by turns.
        ;[current, ahead] = [ahead, current]
      } else current = painted(scene, current, imageFor(frame))
      context.putImageData(current.image, 0, 0)
    },
    dispose() {
      current = ahead = null
    }
  }
}
