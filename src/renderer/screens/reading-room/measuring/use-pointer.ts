import { shallowRef } from 'vue'
import { ANNOTATION_POINTS, type Annotation, type FilmPoint } from '../../../../contract'
import { movedPoints, onFilm, toFilm, type ViewportState } from '../../../viewport'
import type { Measuring } from './use-measuring'

/** CSS pixels that tell a drag from a click. */
const CLICK_SLACK = 4
const LEFT = 0

/**
 * Drawing and moving by mouse or pen: a drag sets both ends of a line, clicks set one point after another. Only the left
 * button is taken; pan, zoom and wheel go on to the film.
 * @param layer covers exactly the canvas
 */
export function usePointer(
  measuring: Measuring,
  shown: () => ViewportState,
  layer: () => SVGSVGElement
): {
  draft: Readonly<{ value: FilmPoint[] | null }>
  start(event: PointerEvent): void
  grab(event: PointerEvent, annotation: Annotation, handle: number | null): void
  follow(event: PointerEvent): void
  release(event: PointerEvent): void
  drop(): void
} {
  /** Points set so far, the last of them still following the pointer. */
  const draft = shallowRef<FilmPoint[] | null>(null)
  let pressed: { x: number; y: number } | null = null
  let held: { points: FilmPoint[]; handle: number | null; from: FilmPoint } | null = null

  function place(event: PointerEvent): FilmPoint {
    const box = layer().getBoundingClientRect()
    const { view, frame } = shown()
    const ratio = frame.width / box.width
    return toFilm(view, frame, (event.clientX - box.left) * ratio, (event.clientY - box.top) * ratio)
  }

  const needed = () => ANNOTATION_POINTS[measuring.tool.value!]

  function set(point: FilmPoint): void {
    const points = [...(draft.value?.slice(0, -1) ?? []), point]
    const { film } = shown()
    if (points.length < needed()) draft.value = [...points, point]
    else {
      draft.value = null
      measuring.draw(film!.id, measuring.tool.value!, points)
    }
  }

  return {
    draft,
    start(event) {
      const { film } = shown()
      if (event.button !== LEFT || !measuring.tool.value || !film) return
      event.stopPropagation()
      event.preventDefault()
      layer().setPointerCapture(event.pointerId)
      pressed = { x: event.clientX, y: event.clientY }
      set(onFilm(place(event), film.header))
    },
    grab(event, annotation, handle) {
      const { film } = shown()
      if (event.button !== LEFT || measuring.tool.value || !film) return
      event.stopPropagation()
      event.preventDefault()
      measuring.choose({ filmId: film.id, id: annotation.id, handle })
      layer().setPointerCapture(event.pointerId)
      held = { points: measuring.pointsOf(annotation), handle, from: place(event) }
    },
    follow(event) {
      const { film } = shown()
      if (!film) return
      const at = place(event)
      if (draft.value) draft.value = [...draft.value.slice(0, -1), onFilm(at, film.header)]
      if (!held) return
      const by = { u: at.u - held.from.u, v: at.v - held.from.v }
      measuring.move(movedPoints(held.points, held.handle, by, film.header))
    },
    release(event) {
      const { film } = shown()
      const dragged =
        pressed && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > CLICK_SLACK
      if (draft.value && dragged && film) set(onFilm(place(event), film.header))
      if (held) measuring.settle()
      pressed = held = null
    },
    drop() {
      draft.value = null
      pressed = held = null
    }
  }
}
