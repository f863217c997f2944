import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { api, toProblem } from '../api-client'
import type { Problem } from '../api-client'
import { DIAGNOSES } from '../../contract'
import type { Diagnosis } from '../../contract'
import { useBlinding } from './blinding'
import { useProject } from './project'
import { useSession } from './session'

interface Reading {
  diagnosis: Diagnosis
  /** From the film's coming on screen to its first label. */
  seconds: number
}

/** Changes come in bursts; the project's counts are asked for once after each. */
const RECOUNT_MS = 500

/** What the reader has done since sitting down: films, pace and classes, beside the classes of the whole project. */
export const useSitting = defineStore('sitting', () => {
  const session = useSession()
  const project = useProject()
  const blinding = useBlinding()

  const readings = shallowRef<ReadonlyMap<string, Reading>>(new Map())
  const projectCounts = shallowRef<Readonly<Partial<Record<Diagnosis, number>>> | null>(null)
  const problem = ref<Problem | null>(null)
  const openedAt = new Map<string, number>()

  const shown = computed(() => session.settings?.showPace ?? false)
  /** How often others gave each class would move a blinded reader towards it. */
  const distributionShown = computed(() => shown.value && !blinding.active)
  const films = computed(() => readings.value.size)
  const medianSeconds = computed(() => median([...readings.value.values()].map(({ seconds }) => seconds)))
  const counts = computed(() =>
    DIAGNOSES.map(diagnosis => ({
      diagnosis,
      sitting: [...readings.value.values()].filter(each => each.diagnosis === diagnosis).length,
      project: projectCounts.value?.[diagnosis] ?? 0
    }))
  )

  function opened(filmId: string): void {
    openedAt.set(filmId, performance.now())
  }

  /** A film labelled again counts once: with its latest class and the time of its first. */
  function labelled(filmId: string, diagnosis: Diagnosis): void {
    const at = openedAt.get(filmId)
    if (at === undefined) return
    const seconds = readings.value.get(filmId)?.seconds ?? (performance.now() - at) / 1000
    readings.value = new Map(readings.value).set(filmId, { diagnosis, seconds })
  }

  function toggle(): void {
    void session.change({ showPace: !shown.value })
  }

  async function count(): Promise<void> {
    try {
      const { label } = await api.films.facets({ filter: { text: '', facets: {} } })
      projectCounts.value = Object.fromEntries(label.map(({ value, count: films }) => [value, films]))
      problem.value = null
    } catch (error) {
      problem.value = toProblem(error)
    }
  }

  let recount: ReturnType<typeof setTimeout> | undefined
  project.onChange(({ areas }) => {
    if (!distributionShown.value || !areas.includes('labels')) return
    clearTimeout(recount)
    recount = setTimeout(() => void count(), RECOUNT_MS)
  })
  watch(
    distributionShown,
    wanted => {
      if (wanted) void count()
    },
    { immediate: true }
  )
  watch([() => project.current?.folder, () => session.settings?.readerName], () => {
    readings.value = new Map()
    openedAt.clear()
    projectCounts.value = null
  })

  return { shown, distributionShown, films, medianSeconds, counts, problem, opened, labelled, toggle }
})

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
