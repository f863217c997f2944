import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { api, isAborted, toProblem } from '../api-client'
import type { Problem } from '../api-client'
import type { ActivationMap, Diagnosis, Prediction } from '../../contract'
import { useBlinding } from './blinding'
import { useProject } from './project'
import { useReading } from './reading'

/** What the active model says of the film being read, and where on the film it finds it. */
export const usePrediction = defineStore('prediction', () => {
  const reading = useReading()
  const project = useProject()

  const blinding = useBlinding()

  /** What the model has said, fetched also while the reader has it hidden, so that showing it takes no time. */
  const answer = shallowRef<Prediction | null>(null)
  const prediction = computed(() => (blinding.hides.model ? null : answer.value))
  const problem = ref<Problem | null>(null)
  const loading = ref(false)

  const overlayWanted = ref(false)
  const overlayShown = computed(() => overlayWanted.value && !blinding.hides.model)
  /** The class whose activation is shown; null follows the predicted class. */
  const overlayClass = ref<Diagnosis | null>(null)
  const fetchedMap = shallowRef<ActivationMap | null>(null)
  const map = computed(() => (overlayShown.value ? fetchedMap.value : null))
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
      const said = await api.predictions.get({ filmId, modelId: null, context: null }, { signal })
      if (signal.aborted) return
      answer.value = said
      problem.value = null
      loading.value = false
      await loadMap()
    } catch (error) {
      if (signal.aborted || isAborted(error)) return
      answer.value = null
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
      fetchedMap.value = null
      return
    }
    const { signal } = (askingMap = new AbortController())
    try {
      const made = await api.predictions.activationMap(
        { filmId, modelId: null, diagnosis, gated: true },
        { signal }
      )
      if (signal.aborted) return
      fetchedMap.value = made
      mapProblem.value = null
    } catch (error) {
      if (signal.aborted || isAborted(error)) return
      fetchedMap.value = null
      mapProblem.value = toProblem(error)
    }
  }

  function toggleOverlay(): void {
    if (blinding.hides.model) return
    overlayWanted.value = !overlayWanted.value
    mapProblem.value = null
    void loadMap()
  }

  /** Shows one class's activation; the class already shown hides the overlay. */
  function showOverlayOf(diagnosis: Diagnosis): void {
    if (overlayShown.value && shownClass() === diagnosis) return toggleOverlay()
    overlayClass.value = diagnosis
    overlayWanted.value = true
    void loadMap()
  }

  watch(
    () => reading.filmId,
    () => {
      answer.value = null
      problem.value = null
      fetchedMap.value = null
      overlayClass.value = null
      askingMap?.abort()
      void load()
    },
    { immediate: true, flush: 'sync' }
  )

  watch(
    () => blinding.hides.model,
    hidden => {
      if (hidden) return
      // What the core has hidden until now was not given.
      if (answer.value === null) void load()
      else void loadMap()
    }
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
    const arrived = change.areas.includes('predictions') && answer.value === null && !loading.value
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
