import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { api, toProblem } from '../api-client'
import type { Problem } from '../api-client'
import type { ModelInfo, ProviderInfo } from '../../contract'
import { useJobs } from './jobs'
import { useProject } from './project'

/** Models of the open project and the execution providers of this machine. */
export const useModels = defineStore('models', () => {
  const project = useProject()
  const jobs = useJobs()
  const ids = ref<string[]>([])
  const byId = shallowRef<ReadonlyMap<string, ModelInfo>>(new Map())
  const providers = shallowRef<ProviderInfo[] | null>(null)
  const testing = ref(false)
  const loaded = ref(false)
  const problem = ref<Problem | null>(null)

  const all = computed(() => ids.value.map(id => byId.value.get(id)!))
  const active = computed(() => all.value.find(model => model.active) ?? null)

  function take(list: ModelInfo[]): void {
    ids.value = list.map(model => model.id)
    byId.value = new Map(list.map(model => [model.id, model]))
    loaded.value = true
  }

  async function attempt(work: () => Promise<void>): Promise<boolean> {
    try {
      await work()
      problem.value = null
      return true
    } catch (error) {
      problem.value = toProblem(error)
      return false
    }
  }

  const load = () => attempt(async () => take(await api.models.list()))
  const activate = (id: string) => attempt(async () => take(await api.models.activate({ id })))
  const add = (folder: string) => attempt(async () => take(await api.models.add({ folder })))

  /** The first call runs each provider's self-test, which takes seconds. */
  async function loadProviders(): Promise<void> {
    testing.value = true
    await attempt(async () => {
      providers.value = await api.models.providers()
    })
    testing.value = false
  }

  /** Predicts every film that has no current prediction by the active model. */
  const predictAll = () =>
    attempt(async () => {
      const { jobId } = await api.predictions.start({ filmIds: null, modelId: null })
      void jobs.follow(jobId)
    })

  watch(
    () => project.current?.folder,
    folder => {
      take([])
      loaded.value = false
      if (folder !== undefined) void load()
    },
    { immediate: true }
  )
  project.onChange(change => {
    if (change.areas.includes('models')) void load()
  })

  return {
    ids,
    byId,
    all,
    active,
    providers,
    testing,
    loaded,
    problem,
    load,
    activate,
    add,
    loadProviders,
    predictAll
  }
})
