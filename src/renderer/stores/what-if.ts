import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { api, toProblem } from '../api-client'
import type { Problem } from '../api-client'
import type { WhatIf } from '../../contract'
import { useBlinding } from './blinding'
import { usePrediction } from './prediction'
import { useReading } from './reading'

export interface AskedContext {
  gaDays: number | null
  bwGrams: number | null
}

/**
 * The prediction for another GA and BW than the recorded ones. While an answer is on its way only the newest question
 * waits, so that what is shown follows the hand, however fast it moves.
 */
export const useWhatIf = defineStore('what-if', () => {
  const reading = useReading()
  const prediction = usePrediction()
  const blinding = useBlinding()

  /** Values that the reader tries; null while the recorded ones hold. */
  const asked = shallowRef<AskedContext | null>(null)
  const fetched = shallowRef<WhatIf | null>(null)
  const problem = ref<Problem | null>(null)
  const hidden = computed(() => blinding.hides.model || blinding.hides.context)
  /** The newest answer, also that to the recorded values; null while hidden or not yet asked. */
  const latest = computed(() => (hidden.value ? null : fetched.value))
  /** What is shown in place of the prediction. */
  const answer = computed(() => (asked.value === null ? null : latest.value))

  const recorded = computed<AskedContext>(() => ({
    gaDays: reading.row?.gaDays ?? null,
    bwGrams: reading.row?.bwGrams ?? null
  }))
  /** Where the sliders stand: tried, else recorded, else what the model takes in place of an absent value. */
  const shown = computed(() => {
    const given = prediction.prediction?.context
    return {
      gaDays: asked.value?.gaDays ?? recorded.value.gaDays ?? given?.gaDays ?? null,
      bwGrams: asked.value?.bwGrams ?? recorded.value.bwGrams ?? given?.bwGrams ?? null
    }
  })

  let waiting: AskedContext | null = null
  let busy = false
  /** Counts films and their recorded values: an answer to an earlier one is dropped. */
  let generation = 0

  async function ask(context: AskedContext): Promise<void> {
    waiting = context
    if (busy) return
    busy = true
    while (waiting) {
      const next: AskedContext = waiting
      waiting = null
      const asking = generation
      const filmId = reading.filmId
      const modelId = prediction.prediction?.modelId ?? null
      if (filmId === null || hidden.value) break
      try {
        const said = await api.explain.whatIf({ filmId, modelId, ...next })
        if (asking !== generation) continue
        fetched.value = said
        problem.value = null
      } catch (error) {
        if (asking === generation) problem.value = toProblem(error)
      }
    }
    busy = false
  }

  /** Tries another value. */
  function set(change: Partial<AskedContext>): void {
    asked.value = { ...(asked.value ?? recorded.value), ...change }
    void ask(asked.value)
  }

  /** Back to the recorded values. */
  function reset(): void {
    asked.value = null
    waiting = null
  }

  /** Asks about the recorded values before a hand moves, so that the first movement is answered as fast as the next. */
  function prepare(): void {
    if (fetched.value === null && prediction.prediction !== null) void ask(recorded.value)
  }

  watch(
    () => [reading.filmId, recorded.value.gaDays, recorded.value.bwGrams, prediction.prediction?.modelId],
    () => {
      generation += 1
      reset()
      fetched.value = null
      problem.value = null
    },
    { flush: 'sync' }
  )

  return { asked, latest, answer, recorded, shown, problem, hidden, set, reset, prepare }
})
