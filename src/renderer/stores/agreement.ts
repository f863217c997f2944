import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { api, isAborted, toProblem } from '../api-client'
import type { Problem } from '../api-client'
import type { AgreementSummary, Diagnosis, PairAgreement, Rater } from '../../contract'
import { createOneCall } from './one-call'
import { useProject } from './project'
import { useProtocols } from './protocols'

const REFRESH_DELAY_MS = 500

/** How far readers agree with one another, with themselves, with the labels and the model. */
export const useAgreement = defineStore('agreement', () => {
  const project = useProject()
  const protocols = useProtocols()

  /** Protocol whose readings are looked at; null: of all. */
  const protocol = ref<string | null>(null)
  const classes = ref<[Diagnosis, Diagnosis]>(['TTN', 'RDS'])
  const summary = shallowRef<AgreementSummary | null>(null)
  const loading = ref(false)
  const problem = ref<Problem | null>(null)

  /** Two raters held against each other, as indices into the summary's raters. */
  const pair = shallowRef<{ first: Rater; second: Rater } | null>(null)
  const pairAgreement = shallowRef<PairAgreement | null>(null)
  const pairProblem = ref<Problem | null>(null)
  const isEmpty = computed(() => summary.value !== null && summary.value.panel.films === 0)

  const call = createOneCall()
  let shown = false
  let asked = 0
  let askedPair = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function load(): Promise<void> {
    const question = ++asked
    loading.value = true
    try {
      const found = await api.agreement.summary(
        { protocol: protocol.value, classes: [...classes.value] },
        { signal: call.begin() }
      )
      if (question !== asked) return
      summary.value = found
      problem.value = null
      const still = pair.value && [pair.value.first, pair.value.second].every(rater => isIn(found, rater))
      if (still) await loadPair()
      else choosePair(firstPair(found))
    } catch (error) {
      if (question === asked && !isAborted(error)) problem.value = toProblem(error)
    } finally {
      if (question === asked) loading.value = false
    }
  }

  /** Gives the summary up that is being computed; the one before stays on screen. */
  const cancel = () => call.cancel()

  const isIn = ({ raters }: AgreementSummary, { kind, name }: Rater) =>
    raters.some(rater => rater.kind === kind && rater.name === name)

  /** Two readers where there are two, else the reader and the labels. */
  function firstPair({ raters, pairs }: AgreementSummary): typeof pair.value {
    const [found] = pairs
    return found ? { first: raters[found.first]!, second: raters[found.second]! } : null
  }

  function choosePair(chosen: typeof pair.value): void {
    pair.value = chosen && {
      first: { kind: chosen.first.kind, name: chosen.first.name },
      second: { kind: chosen.second.kind, name: chosen.second.name }
    }
    pairAgreement.value = null
    void loadPair()
  }

  async function loadPair(): Promise<void> {
    const question = ++askedPair
    if (!pair.value) return
    try {
      const found = await api.agreement.pair({ protocol: protocol.value, ...pair.value })
      if (question !== askedPair) return
      pairAgreement.value = found
      pairProblem.value = null
    } catch (error) {
      if (question === askedPair) pairProblem.value = toProblem(error)
    }
  }

  function choose(next: { protocol?: string | null; classes?: [Diagnosis, Diagnosis] }): void {
    if (next.protocol !== undefined) {
      protocol.value = next.protocol
      summary.value = null
    }
    if (next.classes) classes.value = next.classes
    void load()
  }

  /** Called by the screen while it is there; nothing is computed behind another one. */
  function open(): void {
    shown = true
    void protocols.load()
    void load()
  }

  function leave(): void {
    shown = false
    clearTimeout(timer)
  }

  /** The films behind a cell of the chosen pair; null: all on which the two differ. Empty where that failed. */
  async function filmsBehind(cell: [Diagnosis, Diagnosis] | null): Promise<string[]> {
    if (!pair.value) return []
    try {
      return await api.agreement.films({ protocol: protocol.value, ...pair.value, classes: cell })
    } catch (error) {
      pairProblem.value = toProblem(error)
      return []
    }
  }

  /** The readings as a file of another program; null where that failed. */
  async function exportReadings(positive: Diagnosis, format: 'imrmc' | 'mrmcaov') {
    try {
      return await api.agreement.export({ protocol: protocol.value, positive, format })
    } catch (error) {
      problem.value = toProblem(error)
      return null
    }
  }

  watch(
    () => project.current?.folder,
    () => {
      asked += 1
      askedPair += 1
      protocol.value = null
      summary.value = null
      pair.value = null
      pairAgreement.value = null
    }
  )
  project.onChange(change => {
    if (!shown || !change.areas.some(area => ['review', 'labels', 'predictions', 'models'].includes(area)))
      return
    clearTimeout(timer)
    timer = setTimeout(() => void load(), REFRESH_DELAY_MS)
  })

  return {
    protocol,
    classes,
    summary,
    loading,
    problem,
    pair,
    pairAgreement,
    pairProblem,
    isEmpty,
    open,
    leave,
    load,
    loadPair,
    cancel,
    choose,
    choosePair,
    filmsBehind,
    exportReadings
  }
})
