import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import { api, isAborted, toProblem } from '../api-client'
import type { Problem } from '../api-client'
import { useBlinding } from './blinding'
import { useProject } from './project'
import { useReading } from './reading'

/** What the active model says of each of the infant's films, as far as it has been asked already. */
export const useCourse = defineStore('course', () => {
  const reading = useReading()
  const blinding = useBlinding()
  const project = useProject()

  const fetched = shallowRef<ReadonlyMap<string, readonly number[]>>(new Map())
  /** Probabilities by film id, in the order of DIAGNOSES; null while the model is hidden. */
  const probabilities = computed(() => (blinding.hides.model ? null : fetched.value))
  const problem = shallowRef<Problem | null>(null)
  let asking: AbortController | undefined

  const filmIds = computed(() => reading.detail?.series.map(film => film.id) ?? [])

  async function load(): Promise<void> {
    asking?.abort()
    const ids = filmIds.value
    if (ids.length < 2) {
      fetched.value = new Map()
      return
    }
    const { signal } = (asking = new AbortController())
    try {
      const answers = await api.predictions.course({ filmIds: ids }, { signal })
      if (signal.aborted) return
      fetched.value = new Map(
        answers.flatMap(each => (each.probabilities ? [[each.filmId, each.probabilities]] : []))
      )
      problem.value = null
    } catch (error) {
      if (!signal.aborted && !isAborted(error)) problem.value = toProblem(error)
    }
  }

  watch(
    () => filmIds.value.join(' '),
    () => void load(),
    { immediate: true }
  )
  project.onChange(change => {
    if (!change.areas.some(area => ['predictions', 'models', 'clinical-context', 'review'].includes(area)))
      return
    if (change.filmIds === null || change.filmIds.some(id => filmIds.value.includes(id))) void load()
  })

  return { probabilities, problem, load }
})
