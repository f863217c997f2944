import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { api, toProblem } from '../../api-client'
import type { Problem } from '../../api-client'
import type { FilmRow } from '../../../contract'

const PAGE = 50

/** Films known by their ids alone, as rows, some at a time. */
export const useNewFilms = defineStore('new-films', () => {
  const rows = shallowRef<FilmRow[]>([])
  const loading = ref(false)
  const problem = ref<Problem | null>(null)
  let ids: readonly string[] = []

  async function show(filmIds: readonly string[]): Promise<void> {
    ids = filmIds
    rows.value = []
    await more()
  }

  async function more(): Promise<void> {
    const asked = ids
    const next = asked.slice(rows.value.length, rows.value.length + PAGE)
    loading.value = true
    try {
      const details = await Promise.all(next.map(id => api.films.get({ id })))
      if (asked !== ids) return
      rows.value = [...rows.value, ...details.map(({ row }) => row)]
      problem.value = null
    } catch (error) {
      if (asked === ids) problem.value = toProblem(error)
    } finally {
      loading.value = false
    }
  }

  return { rows, loading, problem, page: PAGE, show, more }
})
