import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { api, connection, toProblem } from '../api-client'
import type { Problem } from '../api-client'
import type { ProjectChange, ProjectSummary } from '../../contract'
import { useSession } from './session'

type Listener = (change: ProjectChange) => void

const EVERYTHING: ProjectChange['areas'] = [
  'films',
  'labels',
  'clinical-context',
  'predictions',
  'models',
  'splits',
  'evaluations',
  'review',
  'jobs'
]
const SUMMARY_DELAY_MS = 400
const RETRY_MS = 1000

/** The open project, and the stream of its changes that the other stores refresh from. */
export const useProject = defineStore('project', () => {
  const session = useSession()
  const current = ref<ProjectSummary | null>(null)
  const loaded = ref(false)
  const opening = ref<'project' | 'demo' | null>(null)
  const problem = ref<Problem | null>(null)
  const isOpen = computed(() => current.value !== null)

  const listeners = new Set<Listener>()
  let following: AbortController | undefined
  let summaryTimer: ReturnType<typeof setTimeout> | undefined

  /**
   * Calls `listener` after every change of the open project until the returned function is called. Opening and closing
   * are seen by watching `current`.
   */
  function onChange(listener: Listener): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  function tell(change: ProjectChange): void {
    for (const listener of listeners) listener(change)
    if (change.areas.every(area => area === 'jobs' || area === 'clinical-context')) return
    clearTimeout(summaryTimer)
    summaryTimer = setTimeout(() => void refreshSummary(), SUMMARY_DELAY_MS)
  }

  async function refreshSummary(): Promise<void> {
    try {
      current.value = await api.project.current()
    } catch {
      // The next change asks again; the counts on screen are only late until then.
    }
  }

  async function follow(): Promise<void> {
    following?.abort()
    const { signal } = (following = new AbortController())
    while (!signal.aborted) {
      try {
        for await (const change of await api.project.changes(undefined, { signal })) tell(change)
        return
      } catch {
        if (signal.aborted) return
        await new Promise(resolve => setTimeout(resolve, RETRY_MS))
      }
    }
  }

  function adopt(summary: ProjectSummary | null): void {
    following?.abort()
    clearTimeout(summaryTimer)
    current.value = summary
    if (summary) void follow()
  }

  async function attempt(kind: 'project' | 'demo', open: () => Promise<ProjectSummary>): Promise<boolean> {
    opening.value = kind
    problem.value = null
    try {
      adopt(await open())
      await session.reloadSettings()
      return true
    } catch (error) {
      problem.value = toProblem(error)
      return false
    } finally {
      opening.value = null
    }
  }

  /** Finds the project that the host has open. A machine that has never opened one is shown the demo. */
  async function load(): Promise<void> {
    try {
      const summary = await api.project.current()
      if (summary) adopt(summary)
      else if (session.settings?.recentProjects.length === 0) await openDemo()
    } catch (error) {
      problem.value = toProblem(error)
    } finally {
      loaded.value = true
    }
  }

  const open = (folder: string) => attempt('project', () => api.project.open({ folder }))
  const create = (folder: string, name: string) =>
    attempt('project', () => api.project.create({ folder, name }))
  const openDemo = () => attempt('demo', () => api.project.openDemo())

  async function close(): Promise<void> {
    try {
      await api.project.close()
      adopt(null)
    } catch (error) {
      problem.value = toProblem(error)
    }
  }

  watch(connection, (state, before) => {
    if (state === 'open' && before === 'lost') void refreshAfterReconnect()
  })

  async function refreshAfterReconnect(): Promise<void> {
    try {
      adopt(await api.project.current())
      tell({ version: 0, areas: EVERYTHING, filmIds: null })
    } catch (error) {
      problem.value = toProblem(error)
    }
  }

  return { current, loaded, opening, problem, isOpen, onChange, load, open, create, openDemo, close }
})
