import { onBeforeUnmount, ref, shallowRef, watch } from 'vue'
import { ANNOTATION_POINTS, type Annotation, type AnnotationKind, type FilmPoint } from '../../../../contract'
import { useAnnotations } from '../../../stores/annotations'
import { useReading } from '../../../stores/reading'
import { filmFromCanvas, isDegenerate, movedPoints, type ViewportState } from '../../../viewport'

/** In the order in which M goes through them. */
export const MEASURING_TOOLS = Object.keys(ANNOTATION_POINTS) as AnnotationKind[]

/** An annotation that keys and mouse act on; `handle` null is the whole of it. */
export interface Selection {
  filmId: string
  id: string
  handle: number | null
}

/** Moves by arrow keys that follow each other so closely become one change. */
const NUDGE_SAVE_MS = 600
const ID_ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'

function freshId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(26)), byte => ID_ALPHABET[byte & 31]).join('')
}

/** What is being drawn, chosen and moved on the films of the reading room. */
export function useMeasuring() {
  const store = useAnnotations()
  const reading = useReading()

  const tool = ref<AnnotationKind | null>(null)
  const selection = shallowRef<Selection | null>(null)
  /** Points that are shown in place of the saved ones while they are being moved. */
  const moving = shallowRef<{ filmId: string; id: string; points: FilmPoint[] } | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined

  const selected = (): Annotation | null => {
    const chosen = selection.value
    return (chosen && store.of(chosen.filmId).find(({ id }) => id === chosen.id)) ?? null
  }

  /** Where an annotation is shown now. */
  function pointsOf(annotation: Annotation): FilmPoint[] {
    return moving.value?.id === annotation.id ? moving.value.points : annotation.value.points
  }

  function cycleTool(): void {
    const place = tool.value === null ? -1 : MEASURING_TOOLS.indexOf(tool.value)
    tool.value = MEASURING_TOOLS[place + 1] ?? null
  }

  /** Takes a tool up; the one in hand is put down. */
  function toggleTool(kind: AnnotationKind): void {
    tool.value = tool.value === kind ? null : kind
  }

  function choose(next: Selection | null): void {
    if (next?.id !== selection.value?.id) settle()
    selection.value = next
  }

  /** Saves what was drawn and chooses it; a stray click draws nothing. */
  function draw(filmId: string, kind: AnnotationKind, points: FilmPoint[]): void {
    tool.value = null
    if (isDegenerate({ kind, points })) return
    const id = freshId()
    store.save(filmId, id, { kind, points, note: '' })
    choose({ filmId, id, handle: points.length - 1 })
  }

  /** Shows the chosen annotation at other points; they are saved by `settle`. */
  function move(points: FilmPoint[]): void {
    if (selection.value) moving.value = { filmId: selection.value.filmId, id: selection.value.id, points }
  }

  /** Saves what has been moved. */
  function settle(): void {
    clearTimeout(timer)
    const moved = moving.value
    moving.value = null
    if (!moved) return
    const known = store.of(moved.filmId).find(({ id }) => id === moved.id)
    if (known && !isDegenerate({ ...known.value, points: moved.points }))
      store.save(moved.filmId, moved.id, { ...known.value, points: moved.points })
  }

  /**
   * Moves the chosen handle, or the chosen annotation, by whole film pixels in a direction of the screen.
   * @returns false where nothing is chosen on the film shown
   */
  function nudge({ film, view, frame }: ViewportState, x: number, y: number): boolean {
    const known = selected()
    if (!known || !film || selection.value!.filmId !== film.id) return false
    const m = filmFromCanvas({ ...view, zoom: 1 }, { ...frame, aspect: 1 })
    const by = { u: Math.round(m.a * x + m.c * y), v: Math.round(m.b * x + m.d * y) }
    move(movedPoints(pointsOf(known), selection.value!.handle, by, film.header))
    clearTimeout(timer)
    timer = setTimeout(settle, NUDGE_SAVE_MS)
    return true
  }

  /** Chooses the next handle of all that is drawn on a film. */
  function chooseNext(filmId: string): void {
    const handles = store
      .of(filmId)
      .flatMap(({ id, value }) => value.points.map((_, handle): Selection => ({ filmId, id, handle })))
    const chosen = selection.value
    const place = handles.findIndex(each => each.id === chosen?.id && each.handle === chosen.handle)
    choose(handles[(place + 1) % handles.length] ?? null)
  }

  function setNote(note: string): void {
    const known = selected()
    if (known && known.value.note !== note)
      store.save(selection.value!.filmId, known.id, { ...known.value, note })
  }

  /** Takes the chosen annotation away; false where none is chosen. */
  function remove(): boolean {
    const known = selected()
    if (!known) return false
    moving.value = null
    store.save(selection.value!.filmId, known.id, null)
    selection.value = null
    return true
  }

  /** Puts the tool down, or lets go of what is chosen; false where there was neither. */
  function cancel(): boolean {
    if (tool.value === null && selection.value === null) return false
    tool.value = null
    choose(null)
    return true
  }

  watch(
    () => reading.filmId,
    () => {
      tool.value = null
      choose(null)
    },
    { flush: 'sync' }
  )
  onBeforeUnmount(settle)

  return {
    tool,
    selection,
    selected,
    pointsOf,
    cycleTool,
    toggleTool,
    choose,
    chooseNext,
    draw,
    move,
    settle,
    nudge,
    setNote,
    remove,
    cancel
  }
}

export type Measuring = ReturnType<typeof useMeasuring>
