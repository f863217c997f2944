import { onBeforeUnmount, ref, shallowRef, watch, type ShallowRef } from 'vue'
import { useFilmPixels } from '../../stores/film-pixels'
import { usePrediction } from '../../stores/prediction'
import { useReading } from '../../stores/reading'
import { useReadingList } from '../../stores/reading-list'
import { FilmCache, type Viewport, type ViewportState } from '../../viewport'

const FETCH_AHEAD = 3
const FETCH_BACK = 1

/** Brings the film being read onto the viewport, with the overlay that belongs to it, and fetches the next ones ahead. */
export function useFilmOnScreen(
  viewport: ShallowRef<Viewport | undefined>,
  state: ShallowRef<ViewportState | undefined>
) {
  const reading = useReading()
  const list = useReadingList()
  const pixels = useFilmPixels()
  const prediction = usePrediction()
  const cache = new FilmCache(pixels.fetch)

  const problem = shallowRef<typeof reading.problem>(null)
  const loading = ref(false)
  const opacity = ref(0.5)
  let askedAt = 0
  let unmounted = false

  async function show(id: string | null, shown: Viewport): Promise<void> {
    askedAt = performance.now()
    problem.value = null
    const ready = id === null ? null : cache.peek(id)
    loading.value = id !== null && !ready
    // The last film must not stand under the next one's name while that is on its way.
    shown.setFilm(ready)
    // Before the panels around it are brought up to date, so that both are in the same display frame.
    if (ready) shown.drawNow()
    if (id === null) return
    if (!ready) await fetch(id, shown)
    if (isCurrent(id)) fetchAhead(id, shown)
  }

  const isCurrent = (id: string) => !unmounted && id === reading.filmId

  async function fetch(id: string, shown: Viewport): Promise<void> {
    try {
      const film = await cache.get(id)
      if (isCurrent(id)) shown.setFilm(film)
    } catch (error) {
      if (isCurrent(id)) problem.value = pixels.problemOf(error)
    }
    if (isCurrent(id)) loading.value = false
  }

  function fetchAhead(id: string, shown: Viewport): void {
    const [next] = list.peekAhead(1)
    void cache.prefetch(id, [...list.peekAhead(FETCH_AHEAD), ...list.peekBack(FETCH_BACK)], film => {
      if (film.id === next)
        requestIdleCallback(() => {
          if (!unmounted && reading.filmId === id) shown.prepare(film)
        })
    })
  }

  function reload(): void {
    if (viewport.value) void show(reading.filmId, viewport.value)
  }

  /** Time from asking for a film to its first picture, kept for the bench: performance.getEntriesByName('film-shown'). */
  function onShown(): void {
    performance.measure('film-shown', { start: askedAt, end: performance.now() })
  }

  watch([() => reading.filmId, viewport], ([id, shown]) => {
    if (shown) void show(id, shown)
  })

  watch([() => prediction.map, opacity, () => state.value?.film], ([map, strength, film]) => {
    const belongs = map && film && film.id === reading.filmId
    viewport.value?.setOverlay(belongs ? { map, opacity: strength } : null)
  })

  onBeforeUnmount(() => {
    unmounted = true
    cache.clear()
  })

  return { problem, loading, opacity, reload, onShown }
}
