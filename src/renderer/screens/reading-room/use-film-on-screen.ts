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
    loading.value = id !== null && !cache.has(id)
    // The last film must not stand under the next one's name while that is on its way.
    if (id === null || loading.value) shown.setFilm(null)
    if (id === null) return
    const current = () => !unmounted && id === reading.filmId
    try {
      const film = await cache.get(id)
      if (!current()) return
      shown.setFilm(film)
    } catch (error) {
      if (!current()) return
      problem.value = pixels.problemOf(error)
    }
    loading.value = false
    fetchAhead(id, shown)
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
