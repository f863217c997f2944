import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { api, toProblem } from '../api-client'
import type { Problem } from '../api-client'
import type {
  ClassDifferences,
  Experiment,
  ExperimentOptions,
  ExperimentPlan,
  ExperimentSummary
} from '../../contract'
import { useAttempt } from './attempt'
import { followProject } from './follow-project'
import { useJobs } from './jobs'
import { createOneCall } from './one-call'

/** Experiments of the open project, the one on screen, and what a new one would come to. */
export const useExperiments = defineStore('experiments', () => {
  const jobs = useJobs()
  /** Newest first. */
  const all = shallowRef<ExperimentSummary[]>([])
  const loaded = ref(false)
  const current = shallowRef<Experiment | null>(null)
  const { problem, attempt } = useAttempt()
  const plan = shallowRef<ExperimentPlan | null>(null)
  const planProblem = ref<Problem | null>(null)
  const planning = ref(false)
  const starting = ref(false)
  /** F1 of each class of two methods of the one on screen. */
  const differences = shallowRef<ClassDifferences | null>(null)
  const comparing = ref(false)
  const job = computed(() => {
    const summary = current.value?.summary
    return summary ? (jobs.byId.get(summary.id) ?? summary.job) : null
  })
  const call = createOneCall()
  /** The one chosen; while it is on its way, a change that is told must not bring back the one before. */
  let chosen: string | null = null
  /** Count up with every question, so that a late answer to an earlier one is dropped. */
  const asked = { open: 0, plan: 0 }

  const load = () =>
    attempt(async () => {
      all.value = await api.experiments.list()
      const shown = chosen ?? all.value[0]?.id
      if (shown !== undefined) await show(shown)
      loaded.value = true
    })

  async function show(id: string): Promise<void> {
    const question = ++asked.open
    chosen = id
    if (current.value?.summary.id !== id) differences.value = null
    const found = await api.experiments.get({ id })
    if (question === asked.open) current.value = found
  }

  const open = (id: string) => attempt(() => show(id))

  /** What an experiment would do; nothing is computed yet. */
  async function planFor(options: ExperimentOptions): Promise<void> {
    const question = ++asked.plan
    planning.value = true
    try {
      const found = await api.experiments.plan(options)
      if (question !== asked.plan) return
      plan.value = found
      planProblem.value = null
    } catch (error) {
      if (question !== asked.plan) return
      plan.value = null
      planProblem.value = toProblem(error)
    } finally {
      if (question === asked.plan) planning.value = false
    }
  }

  const start = (options: ExperimentOptions) =>
    attempt(async () => {
      starting.value = true
      try {
        const { id } = await api.experiments.start(options)
        chosen = id
        void jobs.follow(id)
        all.value = await api.experiments.list()
        await open(id)
      } finally {
        starting.value = false
      }
    })

  const compare = (a: string, b: string) =>
    attempt(async () => {
      const { id } = current.value!.summary
      comparing.value = true
      try {
        const found = await api.experiments.classDifferences({ id, a, b }, { signal: call.begin() })
        if (current.value?.summary.id === id) differences.value = found
      } finally {
        comparing.value = false
      }
    })

  followProject(['experiments'], {
    forget() {
      asked.open += 1
      asked.plan += 1
      chosen = null
      all.value = []
      current.value = null
      plan.value = null
      differences.value = null
      loaded.value = false
    },
    load
  })

  return {
    all,
    loaded,
    current,
    job,
    problem,
    plan,
    planProblem,
    planning,
    starting,
    differences,
    comparing,
    load,
    open,
    planFor,
    start,
    compare,
    cancelComparison: call.cancel
  }
})
