import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { api, toProblem } from '../api-client'
import type { Problem } from '../api-client'
import type { ProtocolInfo, ProtocolSettings, ProtocolState } from '../../contract'
import { useProject } from './project'
import { useReadingList } from './reading-list'

const REFRESH_DELAY_MS = 300

export interface NewProtocol extends ProtocolSettings {
  name: string | null
  films: number
}

/** The reading protocols of the open project, and how far the chosen one is. */
export const useProtocols = defineStore('protocols', () => {
  const project = useProject()
  const readingList = useReadingList()
  /** Newest first. */
  const all = shallowRef<ProtocolInfo[]>([])
  const loaded = ref(false)
  const chosenId = ref<string | null>(null)
  const state = shallowRef<ProtocolState | null>(null)
  const problem = ref<Problem | null>(null)
  /** Of the last thing that was asked for: making, closing, taking over. */
  const actionProblem = ref<Problem | null>(null)
  const busy = ref(false)
  /** What taking the consensus over came to, for the chosen protocol. */
  const taken = shallowRef<{ applied: number; unchanged: number } | null>(null)
  /** Every site of the project, for assignment by site. */
  const sites = shallowRef<string[]>([])
  const chosen = computed(() => all.value.find(({ id }) => id === chosenId.value) ?? null)

  let shown = false
  let asked = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function load(): Promise<void> {
    const question = ++asked
    try {
      const list = await api.protocols.list()
      if (question !== asked) return
      all.value = list
      loaded.value = true
      if (!list.some(({ id }) => id === chosenId.value)) chosenId.value = list[0]?.id ?? null
      if (chosenId.value === null) state.value = null
      else {
        const found = await api.protocols.get({ protocol: chosenId.value })
        if (question !== asked) return
        state.value = found
      }
      problem.value = null
    } catch (error) {
      if (question === asked) problem.value = toProblem(error)
    }
  }

  async function choose(id: string): Promise<void> {
    if (id === chosenId.value && state.value?.protocol.id === id) return
    chosenId.value = id
    state.value = null
    taken.value = null
    actionProblem.value = null
    await load()
  }

  async function act<Result>(work: () => Promise<Result>): Promise<Result | null> {
    busy.value = true
    actionProblem.value = null
    try {
      return await work()
    } catch (error) {
      actionProblem.value = toProblem(error)
      return null
    } finally {
      busy.value = false
    }
  }

  /** Freezes a list of films; null where it could not be made. */
  async function make(wanted: NewProtocol): Promise<ProtocolInfo | null> {
    const made = await act(() => api.protocols.make(wanted))
    if (!made) return null
    chosenId.value = made.id
    state.value = null
    taken.value = null
    await load()
    return made
  }

  async function close(): Promise<void> {
    const protocol = chosenId.value
    if (protocol !== null && (await act(() => api.protocols.close({ protocol })))) await load()
  }

  async function takeConsensus(reason: string): Promise<void> {
    const protocol = chosenId.value
    if (protocol === null) return
    taken.value = await act(() => api.protocols.takeConsensus({ protocol, reason }))
    await load()
  }

  /** The films whose consensus is not their label become the reading list; the first of them, null where there is none. */
  async function readDiffering(): Promise<string | null> {
    const protocol = chosenId.value
    if (protocol === null) return null
    const films = await act(() => api.protocols.consensus({ protocol }))
    const differing = (films ?? []).filter(film => film.diagnosis !== null && film.diagnosis !== film.label)
    if (differing.length === 0) return null
    readingList.take(differing.map(({ filmId }) => filmId))
    return readingList.currentId
  }

  async function loadSites(): Promise<void> {
    try {
      const { site = [] } = await api.films.facets({ filter: { text: '', facets: {} } })
      sites.value = site.map(({ value }) => value)
    } catch (error) {
      actionProblem.value = toProblem(error)
    }
  }

  /** Called by the screen while it is there; nothing is asked for behind another one. */
  function open(): void {
    shown = true
    void load()
  }

  function leave(): void {
    shown = false
    clearTimeout(timer)
  }

  watch(
    () => project.current?.folder,
    () => {
      asked += 1
      all.value = []
      loaded.value = false
      chosenId.value = null
      state.value = null
      taken.value = null
    }
  )
  project.onChange(change => {
    if (!shown || !change.areas.some(area => area === 'review' || area === 'labels')) return
    clearTimeout(timer)
    timer = setTimeout(() => void load(), REFRESH_DELAY_MS)
  })

  return {
    all,
    loaded,
    chosenId,
    chosen,
    state,
    problem,
    actionProblem,
    busy,
    taken,
    sites,
    open,
    leave,
    load,
    loadSites,
    choose,
    make,
    close,
    takeConsensus,
    readDiffering
  }
})
