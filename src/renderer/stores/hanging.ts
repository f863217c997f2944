import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { FilmRow } from '../../contract'
import { filmsBeside, priorOf, type HungFilm } from './hang-films'
import { useProject } from './project'
import { useReading } from './reading'

/** In the order in which the key goes through them. */
export const LAYOUTS = ['1', '1x2', '2x2'] as const
export type Layout = (typeof LAYOUTS)[number]
const PANES: Record<Layout, number> = { '1': 1, '1x2': 2, '2x2': 4 }

/** Swaps per second. Two swaps are one flash; up to three flashes a second are safe to look at (WCAG 2.3.1). */
export const FLICKER_RATES = [0.5, 1, 2, 3] as const

/** A film together with a pair it belongs to: `scale`, `turn`, `x` and `y` as in viewport/registration.ts. */
export interface Alignment {
  scale: number
  turn: number
  x: number
  y: number
  /** Found by the pictures, or set by the reader's hand. */
  by: 'pictures' | 'hand'
}

/**
 * How films hang: the layout, which film each pane shows, which pane keys and tools act on, and what goes together.
 * Pane 0 always shows the film being read; labels and prediction belong to that one, whichever pane is active.
 */
export const useHanging = defineStore('hanging', () => {
  const reading = useReading()
  const project = useProject()

  const layout = ref<Layout>('1')
  const active = ref(0)
  /** What the reader chose for the panes after the first. */
  const chosen = shallowRef<readonly (string | null)[]>([])
  const viewLinked = ref(true)
  const windowLinked = ref(false)
  const flickerRate = ref<number>(1)
  /** The reader compares films: priors are fetched ahead also while only one film hangs. */
  const comparing = ref(false)
  /** By the two films' ids, in the direction in which they were aligned. Kept until another project is opened. */
  const alignments = new Map<string, Alignment>()

  const paneCount = computed(() => PANES[layout.value])
  /** Kept until what is known of the next film is here, so that films beside it stay where they are meanwhile. */
  const lastSeries = shallowRef<readonly HungFilm[]>([])
  /** The infant's films in time order; empty while they are not known. */
  const series = computed(() =>
    lastSeries.value.some(film => film.id === reading.filmId) ? lastSeries.value : []
  )
  const prior = computed(() => (reading.filmId ? priorOf(series.value, reading.filmId) : 'none'))
  const besides = computed(() => {
    const choices = Array.from({ length: paneCount.value - 1 }, (_, place) => chosen.value[place] ?? null)
    return reading.filmId ? filmsBeside(series.value, reading.filmId, choices) : choices
  })
  /** For a film that comes later: as many places as films will be wanted beside it, none chosen yet. */
  const emptyPanes = (): null[] => {
    const places = Math.max(paneCount.value - 1, comparing.value ? 1 : 0)
    return new Array<null>(places).fill(null)
  }
  /** Film of each pane. */
  const films = computed(() => [reading.filmId, ...besides.value])
  /** The film that the one being read is held against: the active pane's, else the first beside it, else the prior. */
  const compared = computed(() => {
    const beside = besides.value[active.value - 1] ?? besides.value.find(id => id !== null)
    return beside ?? (typeof prior.value === 'string' ? null : prior.value.id)
  })

  function rowOf(id: string | null): FilmRow | null {
    return reading.detail?.series.find(film => film.id === id) ?? null
  }

  function setLayout(next: Layout): void {
    layout.value = next
    active.value = Math.min(active.value, PANES[next] - 1)
  }

  function nextLayout(): void {
    setLayout(LAYOUTS[(LAYOUTS.indexOf(layout.value) + 1) % LAYOUTS.length]!)
  }

  /** Hangs the prior beside, or goes back to one film. @returns why there is none to hang */
  function togglePrior(): 'none' | 'unknown' | null {
    const known = series.value.length > 0
    if (known && layout.value === '1' && typeof prior.value === 'string') return prior.value
    chosen.value = []
    setLayout(layout.value === '1' ? '1x2' : '1')
    return null
  }

  function activate(pane: number): void {
    if (pane < paneCount.value) active.value = pane
  }

  function nextPane(): void {
    active.value = (active.value + 1) % paneCount.value
  }

  /** Puts a film of the infant into the active pane; in the first one it becomes the film being read. */
  function choose(id: string): void {
    const at = films.value.indexOf(id)
    if (active.value === 0) void reading.open(id)
    else if (id === reading.filmId) active.value = 0
    else {
      const next = [...besides.value]
      // No film twice: one that hangs already changes places.
      if (at > 0) next[at - 1] = next[active.value - 1] ?? null
      next[active.value - 1] = id
      chosen.value = next
    }
  }

  /** The infant's film before or after that of the active pane, in the order of the strip. @returns false at its end */
  function step(direction: -1 | 1): boolean {
    const shown = films.value[active.value] ?? reading.filmId
    const skipped = active.value === 0 ? null : reading.filmId
    let place = series.value.findIndex(film => film.id === shown) + direction
    if (series.value[place]?.id === skipped) place += direction
    const film = series.value[place]
    if (!film) return false
    choose(film.id)
    return true
  }

  /** Reads the film of the active pane; the one read until now takes its place. */
  function readActive(): void {
    const id = films.value[active.value]
    const read = reading.filmId
    if (active.value === 0 || !id || !read) return
    const next = [...besides.value]
    next[active.value - 1] = read
    chosen.value = next
    active.value = 0
    void reading.open(id)
  }

  const pair = (from: string, to: string) => `${from} ${to}`

  /** How two films lie on each other, as far as that is known. */
  function alignment(from: string, to: string): Alignment | null {
    if (from === to) return { scale: 1, turn: 0, x: 0, y: 0, by: 'pictures' }
    const known = alignments.get(pair(from, to))
    if (known) return known
    const reverse = alignments.get(pair(to, from))
    if (!reverse) return null
    const { scale, turn, x, y, by } = reverse
    const [cos, sin] = [Math.cos(turn) / scale, Math.sin(turn) / scale]
    return { by, scale: 1 / scale, turn: -turn, x: -cos * x - sin * y, y: sin * x - cos * y }
  }

  /** @param value null forgets it */
  function align(from: string, to: string, value: Alignment | null): void {
    alignments.delete(pair(to, from))
    if (value) alignments.set(pair(from, to), value)
    else alignments.delete(pair(from, to))
  }

  watch(
    () => reading.detail?.series,
    known => {
      if (known) lastSeries.value = known.map(({ id, ageHours, filmTime }) => ({ id, ageHours, filmTime }))
    },
    { flush: 'sync', immediate: true }
  )
  let infant: string | undefined
  watch(
    () => reading.row?.patientId,
    id => {
      if (!id || id === infant) return
      infant = id
      chosen.value = []
      active.value = 0
    },
    { flush: 'sync', immediate: true }
  )
  watch(
    () => project.current?.folder,
    () => {
      alignments.clear()
      chosen.value = []
      setLayout('1')
    }
  )

  return {
    layout,
    active,
    paneCount,
    series,
    prior,
    films,
    emptyPanes,
    compared,
    viewLinked,
    windowLinked,
    flickerRate,
    comparing,
    rowOf,
    setLayout,
    nextLayout,
    togglePrior,
    activate,
    nextPane,
    choose,
    step,
    readActive,
    alignment,
    align
  }
})
