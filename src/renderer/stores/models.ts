import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { api, isAborted, toProblem } from '../api-client'
import type { Problem } from '../api-client'
import type { ModelInfo, Promotion, ProviderInfo } from '../../contract'
import { useAttempt } from './attempt'
import { followProject } from './follow-project'
import { useJobs } from './jobs'
import { createOneCall } from './one-call'

/** Versions of the open project's model, which of them was promoted when and why, and this machine's providers. */
export const useModels = defineStore('models', () => {
  const jobs = useJobs()
  const ids = ref<string[]>([])
  const byId = shallowRef<ReadonlyMap<string, ModelInfo>>(new Map())
  const promotions = shallowRef<readonly Promotion[]>([])
  const providers = shallowRef<ProviderInfo[] | null>(null)
  const providersProblem = ref<Problem | null>(null)
  const testing = ref(false)
  const test = createOneCall()
  const loaded = ref(false)
  const { problem, attempt } = useAttempt()

  const all = computed(() => ids.value.map(id => byId.value.get(id)!))
  const active = computed(() => all.value.find(model => model.active) ?? null)
  /** The promotion that holds, which a rollback takes back; null while the project is at its first model. */
  const standing = computed(() => standingPromotion(promotions.value))

  function take(list: ModelInfo[]): void {
    ids.value = list.map(model => model.id)
    byId.value = new Map(list.map(model => [model.id, model]))
    loaded.value = true
  }

  const load = () =>
    attempt(async () => {
      take(await api.models.list())
      promotions.value = await api.models.promotions()
    })
  const add = (folder: string) => attempt(async () => take(await api.models.add({ folder })))

  /** @param confirm given after the warnings have been shown */
  const promote = (id: string, reason: string, confirm: boolean) =>
    attempt(async () => {
      take(await api.models.promote({ id, reason, confirm }))
      promotions.value = await api.models.promotions()
    })
  const rollBack = (reason: string) =>
    attempt(async () => {
      take(await api.models.rollback({ reason }))
      promotions.value = await api.models.promotions()
    })

  /** Something that one panel asks for: it says there, and not for the whole screen, why it could not be had. */
  async function ask<Answer extends object>(work: () => Promise<Answer>) {
    try {
      return { ...(await work()), problem: null }
    } catch (error) {
      return { problem: toProblem(error) }
    }
  }

  /** What stands against promoting a model. */
  const warningsAgainst = (id: string) => ask(() => api.models.promotionCheck({ id }))
  /** A model card in Markdown. */
  const cardOf = (id: string) => ask(() => api.models.card({ id }))

  /** The first call runs each provider's self-test, which takes seconds. */
  async function loadProviders(): Promise<void> {
    testing.value = true
    providersProblem.value = null
    try {
      providers.value = await api.models.providers(undefined, { signal: test.begin() })
    } catch (error) {
      if (!isAborted(error)) providersProblem.value = toProblem(error)
    }
    testing.value = false
  }

  /** Predicts every film that has no current prediction by a model; null: by the active one. */
  const predictAll = (modelId: string | null = null) =>
    attempt(async () => {
      const { jobId } = await api.predictions.start({ filmIds: null, modelId })
      void jobs.follow(jobId)
    })

  /** Predicts these films anew by the active model. */
  const predict = (filmIds: readonly string[]) =>
    attempt(async () => {
      const { jobId } = await api.predictions.start({ filmIds: [...filmIds], modelId: null })
      void jobs.follow(jobId)
    })

  followProject(['models'], {
    forget() {
      take([])
      promotions.value = []
      loaded.value = false
    },
    load
  })

  return {
    ids,
    byId,
    all,
    active,
    promotions,
    standing,
    providers,
    providersProblem,
    testing,
    stopTest: test.cancel,
    loaded,
    problem,
    load,
    add,
    promote,
    rollBack,
    warningsAgainst,
    cardOf,
    loadProviders,
    predictAll,
    predict
  }
})

/** @param promotions newest first */
function standingPromotion(promotions: readonly Promotion[]): Promotion | null {
  const standing: Promotion[] = []
  for (const promotion of [...promotions].reverse()) {
    if (promotion.undoes === null) standing.push(promotion)
    else standing.pop()
  }
  return standing.at(-1) ?? null
}
