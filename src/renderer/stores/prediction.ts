import { defineStore } from 'pinia'
import { ref, shallowRef, watch } from 'vue'
import { api, isAborted, toProblem } from '../api-client'
import type { Problem } from '../api-client'
import type { ActivationMap, Diagnosis, Prediction } from '../../contract'
import { useProject } from './project'
import { useReading } from './reading'

/** What the active model says of the film being read, and where on the film it finds it. */
export const usePrediction = defineStore('prediction', () => {
  const reading = useReading()
  const project = useProject()

  const prediction = shallowRef<Prediction | null>(null)
  const problem = ref<Problem | null>(null)
  const loading = ref(false)

  const overlayShown = ref(false)
  /** The class whose activation is shown; null follows the predicted class. */
  const overlayClass = ref<Diagnosis | null>(null)
  const map = shallowRef<ActivationMap | null>(null)
  const mapProblem = ref<Problem | null>(null)

  let asking: AbortController | undefined
  let askingMap: AbortController | undefined

  async function load(): Promise<void> {
    asking?.abort()
    const filmId = reading.filmId
    if (filmId === null) return
    const { signal } = (asking = new AbortController())
    loading.value = true
    try {
      const answer = await api.predictions.get({ filmId, modelId: null, context: null }, { signal })
      if (signal.aborted) return
      prediction.value = answer
      problem.value = null
      loading.value = false
      await loadMap()
    } catch (error) {
      if (signal.aborted || isAborted(error)) return
      prediction.value = null
      problem.value = toProblem(error)
      loading.value = false
    }
  }

  /** The class that the overlay shows now; null while nothing is predicted. */
  const shownClass = (): Diagnosis | null => overlayClass.value ?? prediction.value?.predicted ?? null

  async function loadMap(): Promise<void> {
    askingMap?.abort()
    const filmId = reading.filmId
    const diagnosis = shownClass()
    if (!overlayShown.value || filmId === null || diagnosis === null) {
      map.value = null
      return
    }
    const { signal } = (askingMap = new AbortController())
    try {
      const answer = await api.predictions.activationMap(
        { filmId, modelId: null, diagnosis, gated: true },
        { signal }
      )
      if (signal.aborted) return
      map.value = answer
      mapProblem.value = null
    } catch (error) {
      if (signal.aborted || isAborted(error)) return
      map.value = null
      mapProblem.value = toProblem(error)
    }
  }

  function toggleOverlay(): void {
    overlayShown.value = !overlayShown.value
    mapProblem.value = null
    void loadMap()
  }

  /** Shows one class's activation; the class already shown hides the overlay. */
  function showOverlayOf(diagnosis: Diagnosis): void {
    if (overlayShown.value && shownClass() === diagnosis) return toggleOverlay()
    overlayClass.value = diagnosis
    overlayShown.value = true
    void loadMap()
  }

  watch(
    () => reading.filmId,
    () => {
      prediction.value = null
      problem.value = null
      map.value = null
      overlayClass.value = null
      askingMap?.abort()
      void load()
    },
    { immediate: true, flush: 'sync' }
  )

  /** GA and BW change the gate, and with it every probability. */
  watch(
    () => reading.row && ([reading.row.id, `${reading.row.gaDays} ${reading.row.bwGrams}`] as const),
    (now, before) => {
      if (now && before && now[0] === before[0] && now[1] !== before[1]) void load()
    }
  )

  project.onChange(change => {
    if (!project.isOpen) return
    const arrived = change.areas.includes('predictions') && prediction.value === null && !loading.value
    if (arrived || change.areas.includes('models')) void load()
  })

  return {
    prediction,
    problem,
    loading,
    overlayShown,
    map,
    mapProblem,
    shownClass,
    load,
    toggleOverlay,
    showOverlayOf
  }
})
