import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { api, toProblem } from '../api-client'
import type { Problem } from '../api-client'
import type { QueuedFilm, QueueInfo, QueueKind, QueueScores } from '../../contract'
import { useJobs } from './jobs'
import { useProject } from './project'
import { useReadingList } from './reading-list'

/** Films fetched at a time. */
const PAGE = 100
const REFRESH_DELAY_MS = 400

/** The review queues with their counts, the films of the chosen one as they are scrolled to, and the scores they need. */
export const useQueues = defineStore('queues', () => {
  const project = useProject()
  const jobs = useJobs()
  const readingList = useReadingList()

  const all = shallowRef<QueueInfo[]>([])
  const scores = shallowRef<QueueScores | null>(null)
  const loaded = ref(false)
  const problem = ref<Problem | null>(null)

  const chosen = ref<QueueKind>('ttn-rds')
  const total = ref<number | null>(null)
  /** Sparse: a place that has not been fetched yet is undefined. */
  const films = shallowRef<(QueuedFilm | undefined)[]>([])
  const filmsProblem = ref<Problem | null>(null)
  const activeIndex = ref(0)

  const info = computed(() => all.value.find(({ kind }) => kind === chosen.value) ?? null)
  const lacksScores = computed(() => info.value !== null && info.value.films === null)
  /** The scoring under way, also after a reload. */
  const scoring = computed(() => jobs.running.find(({ kind }) => kind === 'score') ?? null)
  /** How the last scoring ended, where it failed. */
  const scoreFailure = computed(() => {
    const last = jobs.all.find(({ kind }) => kind === 'score')
    return last?.state === 'failed' ? last.error : null
  })

  let shown = false
  let stale = false
  let generation = 0
  let held = new Set<number>()
  let visible = { from: 0, to: PAGE }
  let timer: ReturnType<typeof setTimeout> | undefined

  async function load(): Promise<void> {
    try {
      const answer = await api.queues.list()
      all.value = answer.queues
      scores.value = answer.scores
      loaded.value = true
      problem.value = null
    } catch (error) {
      problem.value = toProblem(error)
    }
  }

  async function fetchPage(page: number, fresh: boolean): Promise<void> {
    const asked = generation
    held.add(page)
    try {
      const answer = await api.queues.films({ queue: chosen.value, offset: page * PAGE, limit: PAGE })
      if (asked !== generation) return
      const known = fresh ? [] : films.value.slice(0, answer.total)
      answer.films.forEach((film, place) => (known[page * PAGE + place] = film))
      films.value = known
      total.value = answer.total
      activeIndex.value = Math.max(0, Math.min(activeIndex.value, answer.total - 1))
      filmsProblem.value = null
    } catch (error) {
      if (asked !== generation) return
      held.delete(page)
      filmsProblem.value = toProblem(error)
    }
  }

  function restart(): Promise<void> {
    generation += 1
    held = new Set()
    visible = { from: 0, to: PAGE }
    return fetchPage(0, true)
  }

  /** Makes sure that the films of [from, to) are here or on their way. */
  function ensure(from: number, to: number): void {
    visible = { from, to }
    const last = Math.floor(Math.max(0, Math.min(to, total.value ?? 0) - 1) / PAGE)
    for (let page = Math.floor(from / PAGE); page <= last; page++) {
      if (!held.has(page)) void fetchPage(page, false)
    }
  }

  function choose(kind: QueueKind): Promise<void> {
    if (kind === chosen.value && total.value !== null) return Promise.resolve()
    chosen.value = kind
    activeIndex.value = 0
    total.value = null
    films.value = []
    filmsProblem.value = null
    return restart()
  }

  /** Takes the whole queue into the reading list, with why each film is in it. Null where it could not be had. */
  async function read(startId?: string): Promise<string | null> {
    try {
      const order = await api.queues.order({ queue: chosen.value })
      readingList.take(
        order.map(({ filmId }) => filmId),
        startId,
        new Map(order.map(({ filmId, reasons }) => [filmId, reasons]))
      )
      return readingList.currentId
    } catch (error) {
      problem.value = toProblem(error)
      return null
    }
  }

  async function score(): Promise<void> {
    try {
      const { jobId } = await api.queues.score()
      problem.value = null
      await jobs.follow(jobId)
    } catch (error) {
      problem.value = toProblem(error)
    }
  }

  function moveTo(index: number): void {
    activeIndex.value = Math.max(0, Math.min(index, (total.value ?? 1) - 1))
  }

  /** Counts and what is on screen are asked for again; place and choice stay. */
  function refresh(): void {
    stale = false
    clearTimeout(timer)
    timer = setTimeout(() => {
      void load()
      generation += 1
      held = new Set()
      if (!total.value) void fetchPage(0, true)
      else ensure(visible.from, visible.to)
    }, REFRESH_DELAY_MS)
  }

  /**
   * Called by the screen while it is there: queues are made from all films, which must not hold up a reader who labels one
   * after another elsewhere.
   */
  function open(): void {
    shown = true
    if (!loaded.value) void load()
    if (total.value === null) void restart()
    else if (stale) refresh()
  }

  function leave(): void {
    shown = false
    clearTimeout(timer)
  }

  watch(
    () => project.current?.folder,
    () => {
      generation += 1
      all.value = []
      scores.value = null
      loaded.value = false
      total.value = null
      films.value = []
      activeIndex.value = 0
    }
  )
  project.onChange(change => {
    if (change.areas.every(area => area === 'jobs' || area === 'annotations')) return
    stale = true
    if (shown) refresh()
  })

  return {
    all,
    scores,
    loaded,
    problem,
    chosen,
    info,
    total,
    films,
    filmsProblem,
    activeIndex,
    lacksScores,
    scoring,
    scoreFailure,
    open,
    leave,
    load,
    choose,
    restart,
    ensure,
    moveTo,
    read,
    score
  }
})
