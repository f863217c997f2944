import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { api } from '../api-client'
import type {
  Diagnosis,
  Evaluation,
  EvaluationComparison,
  EvaluationOptions,
  EvaluationSummary
} from '../../contract'
import { useAttempt } from './attempt'
import { followProject } from './follow-project'
import { useJobs } from './jobs'
import { createOneCall } from './one-call'

/** Evaluations kept in the open project, the one on screen, and what it is held against. */
export const useEvaluation = defineStore('evaluation', () => {
  const jobs = useJobs()
  /** Newest first. */
  const all = shallowRef<EvaluationSummary[]>([])
  const loaded = ref(false)
  const current = shallowRef<Evaluation | null>(null)
  const comparison = shallowRef<EvaluationComparison | null>(null)
  const comparing = ref(false)
  const { problem, attempt } = useAttempt()
  /** The job started last; it may have ended. */
  const jobId = ref<string | null>(null)
  const job = computed(() => (jobId.value === null ? null : (jobs.byId.get(jobId.value) ?? null)))
  const call = createOneCall()
  /** Counts up with every choice, so that a late answer to an earlier one is dropped. */
  let asked = 0

  const load = () =>
    attempt(async () => {
      all.value = await api.evaluation.list()
      const [newest] = all.value
      if (current.value === null && newest) await show(newest.id)
      loaded.value = true
    })

  async function show(id: string): Promise<void> {
    const question = ++asked
    comparison.value = null
    const evaluation = await api.evaluation.get({ id })
    if (question === asked) current.value = evaluation
  }

  const open = (id: string) => attempt(() => show(id))

  /** Runs to its end in the background; the result is opened when it is there. */
  const start = (options: EvaluationOptions) =>
    attempt(async () => {
      const started = await api.evaluation.start(options)
      jobId.value = started.jobId
      await jobs.follow(started.jobId)
      if (jobs.byId.get(started.jobId)?.state !== 'done') return
      await load()
      await open(started.jobId)
    })

  /** The films behind a cell, a row or a column; null stands for any. Empty where they could not be found out. */
  async function filmsBehind(label: Diagnosis | null, predicted: Diagnosis | null): Promise<string[]> {
    let found: string[] = []
    await attempt(async () => {
      const { id } = current.value!.summary
      found = (await api.evaluation.films({ id, label, predicted })).filmIds
    })
    return found
  }

  /** Holds another evaluation against the one on screen. */
  const compareWith = (id: string) =>
    attempt(async () => {
      const question = asked
      comparing.value = true
      try {
        const ids = { a: id, b: current.value!.summary.id }
        const answer = await api.evaluation.compare(ids, { signal: call.begin() })
        if (question === asked) comparison.value = answer
      } finally {
        comparing.value = false
      }
    })

  followProject(['evaluations'], {
    forget() {
      asked += 1
      all.value = []
      current.value = null
      comparison.value = null
      jobId.value = null
      loaded.value = false
    },
    load
  })

  return {
    all,
    loaded,
    current,
    comparison,
    comparing,
    problem,
    job,
    load,
    open,
    start,
    filmsBehind,
    compareWith,
    cancelComparison: call.cancel
  }
})
