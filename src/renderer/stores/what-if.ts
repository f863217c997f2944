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

/** Answers that are kept of one film. */
const MOST_KNOWN = 200

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

  let waiting: { context: AskedContext; turn: number } | null = null
  let busy = false
  /** Counts films and their recorded values: an answer to an earlier one is dropped. */
  let generation = 0
  /** Counts questions: an answer does not take the place of one to a later question. */
  let turns = 0
  let shownTurn = 0
  /** Answers of this generation by their question, the newest last. */
  const known = new Map<string, WhatIf>()
  /** What the next key would ask. */
  let ahead: AskedContext[] = []

  const keyOf = ({ gaDays, bwGrams }: AskedContext) => `${gaDays} ${bwGrams}`

  function fetchAnswer(context: AskedContext): Promise<WhatIf> {
    const modelId = prediction.prediction?.modelId ?? null
    return api.explain.whatIf({ filmId: reading.filmId!, modelId, ...context })
  }

  function keep(context: AskedContext, said: WhatIf): void {
    known.set(keyOf(context), said)
    if (known.size > MOST_KNOWN) known.delete(known.keys().next().value!)
  }

  function show(said: WhatIf, turn: number): void {
    if (turn < shownTurn) return
    shownTurn = turn
    fetched.value = said
    problem.value = null
  }

  async function ask(context: AskedContext): Promise<void> {
    const turn = ++turns
    const said = known.get(keyOf(context))
    if (said) {
      waiting = null
      show(said, turn)
    } else waiting = { context, turn }
    if (busy) return
    busy = true
    while (waiting) {
      const next: { context: AskedContext; turn: number } = waiting
      waiting = null
      const asking = generation
      if (reading.filmId === null || hidden.value) break
      try {
        const answered = await fetchAnswer(next.context)
        if (asking !== generation) continue
        keep(next.context, answered)
        show(answered, next.turn)
      } catch (error) {
        if (asking === generation) problem.value = toProblem(error)
      }
    }
    busy = false
    await askAhead()
  }

  /**
   * Asks what the next key would ask. A browser that draws first after a key press holds the answer of the core back until the next
   * display frame; one that is here already is shown at once. Not where every answer is a run of the whole network.
   */
  async function askAhead(): Promise<void> {
    const wanted = ahead.filter(context => !known.has(keyOf(context)))
    ahead = []
    const entry = latest.value?.entry
    if (entry === undefined || entry === 'backbone' || entry === 'none') return
    const asking = generation
    await Promise.all(
      wanted.map(async context => {
        try {
          const said = await fetchAnswer(context)
          if (asking === generation) keep(context, said)
        } catch {
          // Should the reader ask it, the failure is told then.
        }
      })
    )
  }

  /** Tries another value. @param next what the next key would try from there */
  function set(change: Partial<AskedContext>, next: readonly Partial<AskedContext>[] = []): void {
    const context = { ...(asked.value ?? recorded.value), ...change }
    asked.value = context
    ahead = next.map(each => ({ ...context, ...each }))
    void ask(context)
  }

  /** Back to the recorded values. */
  function reset(): void {
    asked.value = null
    waiting = null
  }

  /** Asks about the values that hold before a hand moves, so that the first movement is answered as fast as the next. */
  function prepare(next: readonly Partial<AskedContext>[] = []): void {
    if (prediction.prediction === null) return
    const context = asked.value ?? recorded.value
    ahead = next.map(each => ({ ...context, ...each }))
    void ask(context)
  }

  watch(
    () => [reading.filmId, recorded.value.gaDays, recorded.value.bwGrams, prediction.prediction?.modelId],
    () => {
      generation += 1
      reset()
      known.clear()
      ahead = []
      fetched.value = null
      problem.value = null
    },
    { flush: 'sync' }
  )

  return { asked, latest, answer, recorded, shown, problem, hidden, set, reset, prepare }
})
