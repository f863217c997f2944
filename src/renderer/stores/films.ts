import { defineStore } from 'pinia'
import { computed, reactive, ref, shallowRef, watch } from 'vue'
import { api, resourceUrl, toProblem } from '../api-client'
import type { Problem } from '../api-client'
import type {
  ExportColumn,
  FacetKey,
  FilmFilter,
  FilmQuery,
  FilmRow,
  FilmSet,
  FilmSort,
  ProjectChange
} from '../../contract'
import { blindTable } from './blind-table'
import { useBlinding } from './blinding'
import { useProject } from './project'

/** Rows fetched at a time. */
const PAGE = 100
const TEXT_DELAY_MS = 140
const LONGEST_TEXT = 200
const REFRESH_DELAY_MS = 250

const AS_IT_COMES: FilmSort = { key: 'patientKey', direction: 'ascending' }
/** Changes of these show nowhere in the table. */
const UNSEEN: readonly ProjectChange['areas'][number][] = [
  'jobs',
  'models',
  'annotations',
  'evaluations',
  'experiments',
  'review',
  'views'
]

export type FacetCounts = Partial<Record<FacetKey, { value: string; count: number }[]>>

/**
 * The films of the Studies table under the present filter and order. Rows come in pages as they are scrolled to, so a
 * place may still be empty (`rowAt` gives undefined); `ids` is sparse and `byId` holds what has been seen.
 */
export const useFilms = defineStore('films', () => {
  const project = useProject()
  const blinding = useBlinding()

  const text = ref('')
  const facets = reactive<Partial<Record<FacetKey, string[]>>>({})
  const sort = ref<FilmSort>({ ...AS_IT_COMES })
  /** Films that another screen handed over; only these are shown. */
  const set = ref<string | null>(null)
  /** Its name and size; null until they are known. */
  const setInfo = shallowRef<FilmSet | null>(null)

  const total = ref(0)
  const ids = shallowRef<(string | undefined)[]>([])
  const byId = shallowRef<ReadonlyMap<string, FilmRow>>(new Map())
  const counts = shallowRef<FacetCounts>({})
  const activeIndex = ref(0)
  const loaded = ref(false)
  const problem = ref<Problem | null>(null)

  /** What is asked for; it stays as it is through a blinded reading. */
  const query = computed<FilmQuery>(() => ({
    filter: { text: text.value, facets: chosenFacets(), ...(set.value === null ? {} : { set: set.value }) },
    sort: sort.value
  }))
  const blinded = computed(() => blindTable(query.value, blinding.elsewhere))
  /** What is shown: the query without what must not be told now. */
  const shownQuery = computed(() => blinded.value.query)
  const ignored = computed(() => blinded.value.ignored)
  const isFiltered = computed(() => narrows(shownQuery.value.filter))
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

  const narrows = (filter: FilmFilter) =>
    filter.text !== '' || filter.set !== undefined || Object.keys(filter.facets).length > 0

  function rowAt(index: number): FilmRow | undefined {
    const id = ids.value[index]
    return id === undefined ? undefined : byId.value.get(id)
  }

  async function fetchPage(page: number, fresh: boolean): Promise<void> {
    const asked = generation
    held.add(page)
    try {
      const answer = await api.films.query({ query: shownQuery.value, offset: page * PAGE, limit: PAGE })
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
      const answer = await api.films.facets({ filter: shownQuery.value.filter })
      if (asked === generation) counts.value = answer
    } catch (error) {
      if (asked === generation) problem.value = toProblem(error)
    }
  }

  function setText(next: string): void {
    clearTimeout(textTimer)
    const wanted = next.trim().slice(0, LONGEST_TEXT)
    textTimer = setTimeout(() => {
      if (text.value === wanted) return
      text.value = wanted
      void restart()
    }, TEXT_DELAY_MS)
  }

  function toggleFacet(key: FacetKey, value: string): void {
    const chosen = facets[key] ?? []
    facets[key] = chosen.includes(value) ? chosen.filter(each => each !== value) : [...chosen, value]
    void restart()
  }

  /** What is ignored now is out of sight and stays. */
  function clearFilters(): void {
    const { facets: chosen, set: films } = query.value.filter
    const kept = ignored.value.facets.map(key => [key, chosen[key]] as const)
    show({
      filter: {
        text: '',
        facets: Object.fromEntries(kept),
        ...(ignored.value.set && films !== undefined ? { set: films } : {})
      },
      sort: sort.value
    })
  }

  /** Shows another query as a whole: a link's, a saved view's. */
  function show({ filter, sort: order }: FilmQuery): void {
    clearTimeout(textTimer)
    forgetFilters()
    text.value = filter.text
    Object.assign(facets, filter.facets)
    sort.value = { ...order }
    if (filter.set) {
      set.value = filter.set
      void nameSet(filter.set)
    }
    void restart()
  }

  function forgetFilters(): void {
    for (const key of Object.keys(facets) as FacetKey[]) delete facets[key]
    text.value = ''
    set.value = null
    setInfo.value = null
  }

  async function nameSet(id: string): Promise<void> {
    try {
      const info = await api.films.getSet({ id })
      if (set.value === id) setInfo.value = info
    } catch {
      // The table's own question says that there is no such set; its filter can be removed without a name.
    }
  }

  function removeSet(): void {
    set.value = null
    setInfo.value = null
    void restart()
  }

  /**
   * Hands films over to Studies under a name that its filter then shows.
   * @returns the set, for the link `{ name: 'studies', query: { set } }`; null where it could not be kept
   */
  async function handOver(name: string, filmIds: readonly string[]): Promise<string | null> {
    try {
      return (await api.films.keepSet({ name, filmIds: [...filmIds] })).id
    } catch (error) {
      problem.value = toProblem(error)
      return null
    }
  }

  /** Ids of all films of the table in order. */
  const allIds = () => api.films.ids({ query: shownQuery.value })

  /** The table, or the chosen films of it, as CSV; null where that failed. */
  async function exportTable(
    columns: ExportColumn[],
    filmIds: readonly string[] | null
  ): Promise<{ csv: string; rows: number } | null> {
    try {
      return await api.films.exportTable({
        query: shownQuery.value,
        filmIds: filmIds && [...filmIds],
        columns
      })
    } catch (error) {
      problem.value = toProblem(error)
      return null
    }
  }

  /** Sorts by a column; the same column again turns the order round. */
  function sortBy(key: FilmSort['key']): void {
    const shown = shownQuery.value.sort
    const turned = shown.key === key && shown.direction === 'ascending'
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
    forgetFilters()
    sort.value = { ...AS_IT_COMES }
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
  watch(
    () => blinding.elsewhere,
    (now, before) => {
      const shownUnder = (hides: typeof now) => JSON.stringify(blindTable(query.value, hides).query)
      if (project.isOpen && shownUnder(now) !== shownUnder(before)) void restart()
    }
  )
  project.onChange(change => {
    if (change.areas.some(area => !UNSEEN.includes(area))) refresh()
  })

  return {
    text,
    facets,
    sort,
    set,
    setInfo,
    total,
    ids,
    byId,
    counts,
    activeIndex,
    activeRow,
    loaded,
    problem,
    query,
    shownQuery,
    ignored,
    isFiltered,
    rowAt,
    ensure,
    restart,
    setText,
    toggleFacet,
    clearFilters,
    show,
    removeSet,
    handOver,
    allIds,
    exportTable,
    sortBy,
    moveTo,
    thumbnailUrl
  }
})
