import { computed, onBeforeUnmount, shallowRef, watch } from 'vue'
import { useFilmPixels } from '../../../stores/film-pixels'
import { useHanging } from '../../../stores/hanging'
import { estimateRegistration, FilmCache, ViewportLink } from '../../../viewport'
import type { Film, Viewport, ViewportState } from '../../../viewport'

/** The viewports of the layout with the films that they share, and what links them. Pane 0 shows the film being read. */
export function usePanes() {
  const hanging = useHanging()
  const cache = new FilmCache(useFilmPixels().fetch)
  const viewports = shallowRef<readonly (Viewport | undefined)[]>([])
  const states = shallowRef<readonly (ViewportState | undefined)[]>([])
  const stops = new Map<number, () => void>()
  /** Pairs whose pictures are too different to align. */
  const hopeless = new Set<string>()

  const link = new ViewportLink({
    get view() {
      return hanging.viewLinked
    },
    get window() {
      return hanging.windowLinked
    },
    registration: (from, to) => hanging.alignment(from.id, to.id)
  })

  function put<Value>(list: readonly (Value | undefined)[], place: number, value: Value | undefined) {
    const next = [...list]
    next[place] = value
    return next
  }

  function enter(pane: number, viewport: Viewport): void {
    leave(pane)
    viewports.value = put(viewports.value, pane, viewport)
    const unlink = link.add(viewport)
    const stop = viewport.subscribe(state => (states.value = put(states.value, pane, state)))
    stops.set(pane, () => {
      stop()
      unlink()
    })
  }

  function leave(pane: number): void {
    stops.get(pane)?.()
    stops.delete(pane)
    viewports.value = put(viewports.value, pane, undefined)
    states.value = put(states.value, pane, undefined)
  }

  const main = computed(() => viewports.value[0])
  const mainState = computed(() => states.value[0])
  /** What keys and tools act on. */
  const acting = computed(() => viewports.value[hanging.active] ?? main.value)
  const actingState = computed(() => states.value[hanging.active] ?? mainState.value)

  /** Aligns two films by their pictures, unless they have been aligned before. @returns whether they are aligned now */
  function alignByPictures(from: Film, to: Film): boolean {
    if (hanging.alignment(from.id, to.id)) return true
    const pair = [from.id, to.id].sort().join(' ')
    if (hopeless.has(pair)) return false
    const found = estimateRegistration(from, to)
    if (found) hanging.align(from.id, to.id, { ...found.registration, by: 'pictures' })
    else hopeless.add(pair)
    return found !== null
  }

  /** Films that have been put side by side are aligned while nothing else is to be done, for the zoom that follows. */
  watch(
    () => states.value.map(state => state?.film),
    ([first, ...others]) => {
      for (const other of others)
        if (first && other && first !== other)
          requestIdleCallback(() => {
            if (stops.size > 1) alignByPictures(first, other)
          })
    }
  )
  watch([() => hanging.viewLinked, () => hanging.windowLinked], () => {
    if (acting.value) link.follow(acting.value)
  })

  onBeforeUnmount(() => {
    for (const stop of stops.values()) stop()
    cache.clear()
  })

  return { cache, link, main, mainState, states, acting, actingState, enter, leave, alignByPictures }
}

export type Panes = ReturnType<typeof usePanes>
