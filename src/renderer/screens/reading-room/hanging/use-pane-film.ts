import { onBeforeUnmount, ref, shallowRef, watch, type ShallowRef } from 'vue'
import type { Problem } from '../../../api-client'
import { useAnnotations } from '../../../stores/annotations'
import { useFilmPixels } from '../../../stores/film-pixels'
import type { FilmCache, Viewport } from '../../../viewport'

/** Brings a film that is looked at beside the one being read onto its viewport. */
export function usePaneFilm(
  filmId: () => string | null,
  viewport: ShallowRef<Viewport | undefined>,
  cache: FilmCache
) {
  const pixels = useFilmPixels()
  const annotations = useAnnotations()
  const problem = shallowRef<Problem | null>(null)
  const loading = ref(false)
  let unmounted = false

  async function show(): Promise<void> {
    const [id, shown] = [filmId(), viewport.value]
    if (!shown) return
    const isCurrent = () => !unmounted && id === filmId() && shown === viewport.value
    problem.value = null
    const ready = id === null ? null : cache.peek(id)
    shown.setFilm(ready)
    loading.value = id !== null && !ready
    if (id === null) return
    // What was drawn earlier on this film stays hidden where a reader's own earlier answer is.
    if (!annotations.byFilm.has(id)) void annotations.load(id, true)
    if (ready) return
    try {
      const film = await cache.get(id)
      if (isCurrent()) shown.setFilm(film)
    } catch (error) {
      if (isCurrent()) problem.value = pixels.problemOf(error)
    }
    if (isCurrent()) loading.value = false
  }

  watch([filmId, viewport], () => void show(), { immediate: true })
  onBeforeUnmount(() => (unmounted = true))

  return { problem, loading, reload: () => void show() }
}
