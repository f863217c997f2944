import { onBeforeUnmount, ref, shallowRef, watch } from 'vue'
import { useFilmPixels } from '../../stores/film-pixels'
import { filmsBeside } from '../../stores/hang-films'
import { useHanging } from '../../stores/hanging'
import { useInfantSteps } from '../../stores/infant-steps'
import { usePrediction } from '../../stores/prediction'
import { useReading } from '../../stores/reading'
import { useReadingList } from '../../stores/reading-list'
import type { Film, Viewport } from '../../viewport'
import type { Panes } from './hanging/use-panes'

const FETCH_AHEAD = 3
const FETCH_BACK = 1

/** Brings the film being read onto the viewport, with the overlay that belongs to it, and fetches the next ones ahead. */
export function useFilmOnScreen({ cache, main: viewport, mainState: state }: Panes) {
  const reading = useReading()
  const list = useReadingList()
  const pixels = useFilmPixels()
  const prediction = usePrediction()
  const hanging = useHanging()
  const infants = useInfantSteps()

  const problem = shallowRef<typeof reading.problem>(null)
  const loading = ref(false)
  const opacity = ref(0.5)
  /** NaN once the film has been shown. */
  let askedAt = NaN
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
    if (isCurrent(id)) await fetchAhead(id, shown)
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

  async function fetchAhead(id: string, shown: Viewport): Promise<void> {
    const ahead = list.peekAhead(FETCH_AHEAD)
    const beside = [...hanging.films.slice(1), hanging.comparing ? hanging.compared : null].filter(
      each => each !== null
    )
    const [next] = ahead
    const wanted = [...beside, ...(await withBesides(ahead)), ...list.peekBack(FETCH_BACK)]
    if (!isCurrent(id)) return
    await cache.prefetch(id, wanted, film => {
      if (film.id === next)
        requestIdleCallback(() => {
          if (!unmounted && reading.filmId === id) shown.prepare(film)
        })
    })
  }

  /** Films in the order in which they will be wanted: each with what will hang beside it; the next infant's first, too. */
  async function withBesides(ahead: readonly string[]): Promise<string[]> {
    const infant = await infants.peekNext()
    const films = infant === null || ahead.includes(infant) ? ahead : [...ahead, infant]
    if (hanging.emptyPanes().length === 0) return [...films]
    const besides = await Promise.all(
      films.map(async film => filmsBeside(await reading.seriesOf(film), film, hanging.emptyPanes()))
    )
    return films.flatMap((film, index) => [film, ...besides[index]!.filter(each => each !== null)])
  }

  function reload(): void {
    if (viewport.value) void show(reading.filmId, viewport.value)
  }

  /** Time from asking for a film to its first picture, kept for the bench: performance.getEntriesByName('film-shown'). */
  function onShown(film: Film): void {
    if (film.id !== reading.filmId || Number.isNaN(askedAt)) return
    performance.measure('film-shown', { start: askedAt, end: performance.now() })
    askedAt = NaN
  }

  watch([() => reading.filmId, viewport], ([id, shown]) => {
    if (shown) void show(id, shown)
  })

  watch([() => prediction.map, opacity, () => state.value?.film], ([map, strength, film]) => {
    const belongs = map && film && film.id === reading.filmId
    viewport.value?.setOverlay(belongs ? { map, opacity: strength } : null)
  })

  watch(
    () => [...hanging.films.slice(1), hanging.comparing ? hanging.compared : ''].join(' '),
    () => {
      const id = reading.filmId
      if (id && viewport.value && cache.peek(id)) void fetchAhead(id, viewport.value)
    }
  )

  onBeforeUnmount(() => (unmounted = true))

  return { problem, loading, opacity, reload, onShown }
}
