import { computed, onBeforeUnmount, ref, shallowRef, watch } from 'vue'
import { useAnnotations } from '../../../stores/annotations'
import { useFilmPixels } from '../../../stores/film-pixels'
import { useHanging } from '../../../stores/hanging'
import { useNotices } from '../../../stores/notices'
import { useReading } from '../../../stores/reading'
import {
  frameOf,
  growRegistration,
  invertRegistration,
  matchDisplay,
  pushRegistration,
  registeredView,
  wholeOnWhole,
  type Film,
  type Registration,
  type ViewportState
} from '../../../viewport'
import type { Panes } from './use-panes'

/** A key held longer than this shows the other film as long as it is held; a shorter press switches. */
const HOLD_MS = 350

/**
 * The film being read and another of the same infant by turns, in the same place with the same greys, so that what has
 * changed is what moves. Only the picture is swapped: label and prediction stay with the film being read.
 */
export function useFlicker(panes: Panes) {
  const hanging = useHanging()
  const reading = useReading()
  const pixels = useFilmPixels()
  const annotations = useAnnotations()
  const notices = useNotices()

  const automatic = ref(false)
  const aligning = ref(false)
  const loading = ref(false)
  /** How the two films are aligned: not at all where their pictures are too different. */
  const aligned = ref<'pictures' | 'hand' | 'no' | null>(null)
  /** The film being read as it was shown, and the other as it was put in its place. */
  const swapped = shallowRef<{ own: ViewportState; other: ViewportState } | null>(null)
  const state = panes.mainState
  /** The film that stands in the place of the one being read; null while that one is shown. */
  const otherShown = computed(() => {
    const film = state.value?.film
    return film && film.id !== reading.filmId ? film.id : null
  })
  const active = computed(() => otherShown.value !== null || automatic.value || aligning.value)
  let held: { code: string; since: number } | null = null
  let timer: ReturnType<typeof setInterval> | undefined

  const reducedMotion = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches

  /** The film to compare with, once it is in memory; the reader is told why there is none. */
  async function partner(): Promise<Film | null> {
    const read = reading.filmId
    if (read && hanging.series.length === 0) await reading.seriesOf(read).catch(() => [])
    if (reading.filmId !== read) return null
    hanging.comparing = true
    const id = hanging.compared
    if (id === null) {
      notices.show('info', `reading.prior.${hanging.prior === 'unknown' ? 'unknown' : 'none'}`)
      return null
    }
    const ready = panes.cache.peek(id)
    if (ready) return ready
    loading.value = true
    try {
      const film = await panes.cache.get(id)
      return reading.filmId === read && hanging.compared === id ? film : null
    } catch (error) {
      const problem = pixels.problemOf(error)
      if (problem) notices.showProblem(problem)
      return null
    } finally {
      loading.value = false
    }
  }

  /** Where the other film lies on the one being read; whole on whole where they cannot be aligned. */
  function registration(own: Film, other: Film, frame: ViewportState['frame']): Registration {
    panes.alignByPictures(own, other)
    const known = hanging.alignment(own.id, other.id)
    aligned.value = known?.by ?? 'no'
    return known ?? wholeOnWhole(frame, frameOf(other, frame.width, frame.height))
  }

  /** Puts a film into the first pane in one picture, without the others following. */
  function put(
    film: Film,
    shown: Parameters<NonNullable<typeof panes.main.value>['adopt']>[0]
  ): ViewportState {
    const viewport = panes.main.value!
    panes.link.quietly(() => {
      viewport.setFilm(film)
      viewport.adopt(shown)
    })
    viewport.drawNow()
    return viewport.state
  }

  function showOther(other: Film): void {
    const own = state.value
    if (!own?.film || own.film.id !== reading.filmId || own.film === other) return
    if (!annotations.byFilm.has(other.id)) void annotations.load(other.id, true)
    const frame = frameOf(other, own.frame.width, own.frame.height)
    const view = registeredView(own.view, own.frame, frame, registration(own.film, other, own.frame))
    swapped.value = { own, other: put(other, { view, ...matchDisplay(own.film, own, other) }) }
  }

  /** Back to the film being read, moved and windowed as the other was meanwhile. */
  function showOwn(): void {
    const now = state.value
    if (!now?.film || !swapped.value || otherShown.value === null) return
    const { own, other } = swapped.value
    const film = own.film!
    const frame = frameOf(film, now.frame.width, now.frame.height)
    const back = invertRegistration(registration(film, now.film, frame))
    const untouched = now.view === other.view && now.frame.width === own.frame.width
    const shades = now.display === other.display ? own : matchDisplay(now.film, now, film)
    put(film, {
      // The film being read stands as it was exposed, whatever was done to the other.
      view: untouched ? own.view : { ...registeredView(now.view, now.frame, frame, back), tilt: 0 },
      display: shades.display,
      preset: shades.preset,
      sentIndex: shades.sentIndex
    })
    swapped.value = null
  }

  async function swap(): Promise<void> {
    if (otherShown.value !== null) return showOwn()
    const other = await partner()
    if (other) showOther(other)
  }

  function press(event: KeyboardEvent): void {
    stop()
    held = { code: event.code, since: event.timeStamp }
    void swap()
  }

  function onKeyUp(event: KeyboardEvent): void {
    if (!held || event.code !== held.code) return
    if (event.timeStamp - held.since > HOLD_MS) void swap()
    held = null
  }

  function stop(): void {
    clearInterval(timer)
    automatic.value = false
  }

  /** Swaps by itself at the chosen rate, until asked again. */
  async function toggleAutomatic(): Promise<void> {
    if (automatic.value) return stop()
    if (reducedMotion()) return void notices.show('info', 'reading.flicker.reducedMotion')
    if (otherShown.value === null && !(await partner())) return
    automatic.value = true
    start()
  }

  function start(): void {
    clearInterval(timer)
    if (automatic.value) timer = setInterval(() => void swap(), 1000 / hanging.flickerRate)
  }

  /** Takes the alignment by hand up, or puts it down. */
  async function toggleAligning(): Promise<void> {
    stop()
    aligning.value = !aligning.value
    if (!aligning.value || otherShown.value !== null) return
    await swap()
    if (otherShown.value === null) aligning.value = false
  }

  /** Ends aligning, else the flicker; false where there was neither. */
  function end(): boolean {
    if (aligning.value) aligning.value = false
    else if (active.value) showOwn()
    else return false
    stop()
    return true
  }

  /** Changes the alignment of the other film, which is shown for it. */
  function realign(change: (known: Registration, shown: ViewportState) => Registration): boolean {
    if (!aligning.value) return false
    if (otherShown.value === null) {
      const other = hanging.compared && panes.cache.peek(hanging.compared)
      if (other) showOther(other)
    }
    const now = state.value
    if (!now?.film || !swapped.value || otherShown.value === null) return true
    const { own } = swapped.value
    const before = registration(own.film!, now.film, own.frame)
    const after = change(before, now)
    hanging.align(own.film!.id, now.film.id, { ...after, by: 'hand' })
    aligned.value = 'hand'
    place(own, now, before, after)
    return true
  }

  /** Shows the other film where its new alignment puts it; the film being read stays where it is. */
  function place(own: ViewportState, now: ViewportState, before: Registration, after: Registration): void {
    const ownView = registeredView(now.view, now.frame, own.frame, invertRegistration(before))
    const view = registeredView(ownView, own.frame, now.frame, after)
    panes.link.quietly(() => panes.main.value!.adopt({ view }))
    const untouched = now.view === swapped.value!.other.view
    swapped.value = untouched
      ? { own, other: { ...swapped.value!.other, view } }
      : { own: { ...own, view: ownView }, other: { ...swapped.value!.other, view } }
  }

  /** @param x, y canvas distance in device pixels */
  const move = (x: number, y: number) => realign((known, { view }) => pushRegistration(known, view, x, y))
  const grow = (factor: number) =>
    realign((known, { view, frame }) => growRegistration(known, view, frame, factor))
  /** @param angle radians clockwise on the screen */
  const turn = (angle: number) =>
    realign((known, { view, frame }) => growRegistration(known, view, frame, 1, angle))

  /** Aligns by the pictures again, or where `forget` is set not at all. */
  function alignAgain(forget = false): void {
    const { main } = panes
    const own = swapped.value?.own.film ?? main.value?.state.film
    const other = hanging.compared && panes.cache.peek(hanging.compared)
    if (!own || !other) return
    hanging.align(own.id, other.id, null)
    if (forget) {
      const { width, height } = main.value!.state.frame
      const plain = wholeOnWhole(frameOf(own, width, height), frameOf(other, width, height))
      hanging.align(own.id, other.id, { ...plain, by: 'hand' })
    }
    if (otherShown.value !== null) {
      showOwn()
      showOther(other)
    }
  }

  watch(() => hanging.flickerRate, start)
  watch(
    [() => reading.filmId, () => hanging.compared],
    ([film], [filmBefore]) => {
      stop()
      aligning.value = false
      if (film === filmBefore && otherShown.value !== null) showOwn()
      swapped.value = null
    },
    { flush: 'sync' }
  )
  window.addEventListener('keyup', onKeyUp)
  onBeforeUnmount(() => {
    stop()
    window.removeEventListener('keyup', onKeyUp)
  })

  return {
    otherShown,
    active,
    automatic,
    aligning,
    aligned,
    loading,
    swap,
    press,
    toggleAutomatic,
    toggleAligning,
    end,
    move,
    grow,
    turn,
    alignAgain
  }
}

export type Flicker = ReturnType<typeof useFlicker>
