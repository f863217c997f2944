import { defineStore } from 'pinia'
import { computed, reactive, ref, shallowRef, watch } from 'vue'
import { api, resourceUrl, toProblem } from '../api-client'
import type { Problem } from '../api-client'
import type { FacetKey, FilmQuery, FilmRow, FilmSort } from '../../contract'
import { useProject } from './project'

/** Rows fetched at a time. */
const PAGE = 100
const TEXT_DELAY_MS = 140
const REFRESH_DELAY_MS = 250

export type FacetCounts = Partial<Record<FacetKey, { value: string; count: number }[]>>

/**
 * The films of the Studies table under the present filter and order. Rows come in pages as they are scrolled to, so a
 * place may still be empty (`rowAt` gives undefined); `ids` is sparse and `byId` holds what has been seen.
 */
export const useFilms = defineStore('films', () => {
  const project = useProject()

  const text = ref('')
  const facets = reactive<Partial<Record<FacetKey, string[]>>>({})
  const sort = ref<FilmSort>({ key: 'patientKey', direction: 'ascending' })

  const total = ref(0)
  const ids = shallowRef<(string | undefined)[]>([])
  const byId = shallowRef<ReadonlyMap<string, FilmRow>>(new Map())
  const counts = shallowRef<FacetCounts>({})
  const activeIndex = ref(0)
  const loaded = ref(false)
  const problem = ref<Problem | null>(null)

  const query = computed<FilmQuery>(() => ({
    filter: { text: text.value, facets: chosenFacets() },
    sort: sort.value
  }))
  const isFiltered = computed(
    () => text.value !== '' || Object.values(facets).some(values => values && values.length > 0)
  )
  const activeRow = computed(() => rowAt(activeIndex.value))

  /** Answers to an older query are thrown away. */
  let generation = 0
  let held = new Set<number>()
  let visible = { from: 0, to: PAGE }
  let textTimer: ReturnType<typeof setTimeout> | undefined
  let refreshTimer: ReturnType<typeof setTimeout> | undefined

  function chosenFacets(): Partial<Record<FacetKey, string[]>> {
    return Object.fromEntries(Object.entries(facets).filter(([, values]) => values && values.length > 0))
  }

  function rowAt(index: number): FilmRow | undefined {
    const id = ids.value[index]
    return id === undefined ? undefined : byId.value.get(id)
  }

  async function fetchPage(page: number, fresh: boolean): Promise<void> {
    const asked = generation
    held.add(page)
    try {
      const answer = await api.films.query({ query: query.value, offset: page * PAGE, limit: PAGE })
      if (asked !== generation) return
      const known = fresh ? new Map<string, FilmRow>() : new Map(byId.value)
      const order = fresh ? [] : ids.value.slice(0, answer.total)
      answer.rows.forEach((row, index) => {
        known.set(row.id, row)
        order[page * PAGE + index] = row.id
      })
      total.value = answer.total
      ids.value = order
      byId.value = known
      loaded.value = true
      problem.value = null
    } catch (error) {
      if (asked !== generation) return
      held.delete(page)
      problem.value = toProblem(error)
    }
  }

  /** Makes sure that the rows of [from, to) are here or on their way. */
  function ensure(from: number, to: number): void {
    visible = { from, to }
    const last = Math.floor(Math.max(0, Math.min(to, total.value) - 1) / PAGE)
    for (let page = Math.floor(from / PAGE); page <= last; page++) {
      if (!held.has(page)) void fetchPage(page, false)
    }
  }

  /** Starts the table over under the present query; what is shown stays until the new rows are here. */
  async function restart(): Promise<void> {
    generation += 1
    held = new Set()
    activeIndex.value = 0
    await Promise.all([fetchPage(0, true), fetchCounts()])
  }

  /** Asks again for what is on screen, after films or labels have changed; place and selection stay. */
  function refresh(): void {
    clearTimeout(refreshTimer)
    refreshTimer = setTimeout(() => {
      generation += 1
      held = new Set()
      if (total.value === 0) void fetchPage(0, true)
      else ensure(visible.from, visible.to)
      void fetchCounts()
    }, REFRESH_DELAY_MS)
  }

  async function fetchCounts(): Promise<void> {
    const asked = generation
    try {
      const answer = await api.films.facets({ filter: query.value.filter })
      if (asked === generation) counts.value = answer
    } catch (error) {
      if (asked === generation) problem.value = toProblem(error)
    }
  }

  function setText(next: string): void {
    clearTimeout(textTimer)
    textTimer = setTimeout(() => {
      if (text.value === next.trim()) return
      text.value = next.trim()
      void restart()
    }, TEXT_DELAY_MS)
  }

  function toggleFacet(key: FacetKey, value: string): void {
    const chosen = facets[key] ?? []
    facets[key] = chosen.includes(value) ? chosen.filter(each => each !== value) : [...chosen, value]
    void restart()
  }

  function clearFilters(): void {
    for (const key of Object.keys(facets) as FacetKey[]) delete facets[key]
    clearTimeout(textTimer)
    text.value = ''
    void restart()
  }

  /** Sorts by a column; the same column again turns the order round. */
  function sortBy(key: FilmSort['key']): void {
    const turned = sort.value.key === key && sort.value.direction === 'ascending'
    sort.value = { key, direction: turned ? 'descending' : 'ascending' }
    void restart()
  }

  function moveTo(index: number): void {
    activeIndex.value = Math.max(0, Math.min(index, total.value - 1))
  }

  function thumbnailUrl(id: string): string {
    return resourceUrl(`/thumbnails/${id}`)
  }

  function clear(): void {
    generation += 1
    for (const key of Object.keys(facets) as FacetKey[]) delete facets[key]
    text.value = ''
    total.value = 0
    ids.value = []
    byId.value = new Map()
    counts.value = {}
    held = new Set()
    loaded.value = false
    activeIndex.value = 0
  }

  watch(
    () => project.current?.folder,
    folder => {
      clear()
      if (folder !== undefined) void restart()
    },
    { immediate: true }
  )
  project.onChange(change => {
    if (
      change.areas.some(
        area => !['jobs', 'models', 'annotations', 'evaluations', 'experiments', 'review'].includes(area)
      )
    )
      refresh()
  })

  return {
    text,
    facets,
    sort,
    total,
    ids,
    byId,
    counts,
    activeIndex,
    activeRow,
    loaded,
    problem,
    query,
    isFiltered,
    rowAt,
    ensure,
    restart,
    setText,
    toggleFacet,
    clearFilters,
    sortBy,
    moveTo,
    thumbnailUrl
  }
})
