import { defineStore } from 'pinia'
import { reactive, shallowRef, watch } from 'vue'
import { api, toProblem } from '../api-client'
import type { Annotation, AnnotationValue } from '../../contract'
import { useBlinding } from './blinding'
import { useNotices } from './notices'
import { useProject } from './project'
import { useReading } from './reading'
import { useSession } from './session'

/** Films whose annotations are kept. */
const KEPT_FILMS = 16

/** What this reader has drawn over the films on screen. A change is shown at once, and saved one after another. */
export const useAnnotations = defineStore('annotations', () => {
  const project = useProject()
  const reading = useReading()
  const session = useSession()
  const blinding = useBlinding()
  const notices = useNotices()

  const byFilm = shallowRef<ReadonlyMap<string, readonly Annotation[]>>(new Map())
  /** Drawn on an earlier reading of the same film: not to be seen while the reader's own answers are hidden. */
  const earlier = reactive(new Map<string, ReadonlySet<string>>())
  let writes: Promise<void> = Promise.resolve()
  /** Changes that have not been sent yet. */
  let waiting = 0

  function put(filmId: string, list: readonly Annotation[]): void {
    const next = new Map(byFilm.value)
    next.delete(filmId)
    next.set(filmId, list)
    for (const id of next.keys()) {
      if (next.size <= KEPT_FILMS) break
      next.delete(id)
    }
    byFilm.value = next
  }

  /** Those of a film that may be shown now; empty until they have been loaded. */
  function of(filmId: string): readonly Annotation[] {
    const all = byFilm.value.get(filmId) ?? []
    return blinding.hides.own ? all.filter(each => !earlier.get(filmId)?.has(each.id)) : all
  }

  async function load(filmId: string, entering = false): Promise<void> {
    try {
      const list = await api.annotations.list({ filmId })
      for (const each of list) revisions.set(each.id, each.revision)
      if (entering) earlier.set(filmId, new Set(list.map(({ id }) => id)))
      put(filmId, list)
    } catch (error) {
      notices.showProblem(toProblem(error))
    }
  }

  /** Draws (a fresh id), changes or takes away (`value` null) one. The reader is told where it cannot be saved. */
  function save(filmId: string, id: string, value: AnnotationValue | null): void {
    const shown = byFilm.value.get(filmId) ?? []
    const known = shown.find(each => each.id === id)
    if (value) {
      const changed = { revision: 0, at: new Date().toISOString(), ...known, id, value }
      put(filmId, known ? shown.map(each => (each === known ? changed : each)) : [...shown, changed])
    } else
      put(
        filmId,
        shown.filter(each => each !== known)
      )
    waiting += 1
    writes = writes.then(() => write(filmId, id, value, known?.revision ?? 0))
  }

  /** Last revision of each annotation that this window has seen; a write may follow another before that is shown. */
  const revisions = new Map<string, number>()

  async function write(
    filmId: string,
    id: string,
    value: AnnotationValue | null,
    seen: number
  ): Promise<void> {
    const revision = Math.max(seen, revisions.get(id) ?? 0)
    waiting -= 1
    try {
      const saved = await api.annotations.save({ filmId, id, value, revision })
      for (const each of saved) revisions.set(each.id, each.revision)
      // While another change waits to be saved, what is shown is ahead of what the core answers.
      if (waiting === 0) put(filmId, saved)
    } catch (error) {
      notices.showProblem(toProblem(error))
      await load(filmId)
    }
  }

  watch(
    () => reading.filmId,
    id => {
      if (id) void load(id, true)
    },
    { immediate: true }
  )
  watch([() => project.current?.folder, () => session.settings?.readerName], () => {
    byFilm.value = new Map()
    earlier.clear()
    revisions.clear()
    if (reading.filmId) void load(reading.filmId, true)
  })
  project.onChange(change => {
    if (!change.areas.includes('annotations')) return
    for (const filmId of byFilm.value.keys()) {
      if (change.filmIds === null || change.filmIds.includes(filmId))
        writes = writes.then(() => (waiting === 0 ? load(filmId) : undefined))
    }
  })

  return { byFilm, of, load, save }
})
