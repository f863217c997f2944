import { defineStore } from 'pinia'
import { computed, ref, shallowReactive, watch } from 'vue'
import { api, toProblem } from '../api-client'
import type { Problem } from '../api-client'
import type { Job } from '../../contract'
import { useProject } from './project'

const RETRY_MS = 1000
const ENDED: readonly Job['state'][] = ['done', 'cancelled', 'failed', 'paused']

/** Background work of the open project, newest first. Running jobs are followed as they go. */
export const useJobs = defineStore('jobs', () => {
  const project = useProject()
  const ids = ref<string[]>([])
  const byId = shallowReactive(new Map<string, Job>())
  const loaded = ref(false)
  const problem = ref<Problem | null>(null)
  const all = computed(() => ids.value.map(id => byId.get(id)!).filter(Boolean))
  const running = computed(() => all.value.filter(job => !ENDED.includes(job.state)))

  const followed = new Map<string, { controller: AbortController; ended: Promise<void> }>()

  function take(job: Job): void {
    byId.set(job.id, job)
    if (!ids.value.includes(job.id)) ids.value = [job.id, ...ids.value]
    if (!ENDED.includes(job.state)) void follow(job.id)
  }

  async function load(): Promise<void> {
    try {
      const list = await api.jobs.list()
      for (const job of list) take(job)
      ids.value = [...list].sort((a, b) => b.startedAt.localeCompare(a.startedAt)).map(job => job.id)
      loaded.value = true
      problem.value = null
    } catch (error) {
      problem.value = toProblem(error)
    }
  }

  /** Keeps a job up to date, through lost connections; fulfilled when it ends. */
  function follow(id: string): Promise<void> {
    const before = followed.get(id)
    if (before) return before.ended
    const controller = new AbortController()
    const ended = watchUntilEnd(id, controller.signal).finally(() => {
      if (followed.get(id)?.controller === controller) followed.delete(id)
    })
    followed.set(id, { controller, ended })
    return ended
  }

  async function watchUntilEnd(id: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const job of await api.jobs.watch({ id }, { signal })) {
          byId.set(id, job)
          if (!ids.value.includes(id)) ids.value = [id, ...ids.value]
        }
        return
      } catch (error) {
        if (signal.aborted || toProblem(error).code === 'NOT_FOUND') return
        await new Promise(resolve => setTimeout(resolve, RETRY_MS))
      }
    }
  }

  async function act(action: (input: { id: string }) => Promise<Job>, id: string): Promise<void> {
    try {
      take(await action({ id }))
      problem.value = null
    } catch (error) {
      problem.value = toProblem(error)
    }
  }

  const pause = (id: string) => act(api.jobs.pause, id)
  const cancel = (id: string) => act(api.jobs.cancel, id)
  const resume = (id: string) => act(api.jobs.resume, id)

  watch(
    () => project.current?.folder,
    folder => {
      for (const { controller } of followed.values()) controller.abort()
      followed.clear()
      ids.value = []
      byId.clear()
      loaded.value = false
      problem.value = null
      if (folder !== undefined) void load()
    },
    { immediate: true }
  )
  project.onChange(change => {
    if (change.areas.includes('jobs')) void load()
  })

  return { ids, byId, all, running, loaded, problem, load, follow, pause, cancel, resume }
})
