import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import { toProblem } from '../api-client'
import { useFilms } from './films'
import { useNotices } from './notices'

/**
 * Films chosen in the Studies table. Moving about leaves them chosen; another filter lets them go, so that nothing that is out of
 * sight is ever changed.
 */
export const useFilmSelection = defineStore('film-selection', () => {
  const films = useFilms()
  const notices = useNotices()
  const ids = shallowRef<ReadonlySet<string>>(new Set())
  const count = computed(() => ids.value.size)
  /** Where a range began, and what was chosen before it; null after any other step. */
  let range: { from: number; before: ReadonlySet<string> } | null = null
  /** Answers to an earlier question are thrown away. */
  let asked = 0

  function choose(chosen: Iterable<string>): void {
    asked += 1
    ids.value = new Set(chosen)
  }

  function toggle(index: number): void {
    const id = films.ids[index]
    if (id === undefined) return
    const next = new Set(ids.value)
    if (!next.delete(id)) next.add(id)
    choose(next)
    range = { from: index, before: next }
  }

  /** Chooses everything from where the range began, at first the active row, to a row, on top of what was chosen before. */
  async function extendTo(index: number): Promise<void> {
    const to = Math.max(0, Math.min(index, films.total - 1))
    const { from, before } = (range ??= { from: films.activeIndex, before: ids.value })
    films.moveTo(to)
    const [first, last] = from < to ? [from, to] : [to, from]
    const question = ++asked
    const between = await idsBetween(first, last)
    if (question === asked && between) ids.value = new Set([...before, ...between])
  }

  async function idsBetween(first: number, last: number): Promise<string[] | null> {
    const known = films.ids.slice(first, last + 1)
    if (known.length === last - first + 1 && known.every(id => id !== undefined)) return known as string[]
    return (await everything())?.slice(first, last + 1) ?? null
  }

  async function everything(): Promise<string[] | null> {
    try {
      return await films.allIds()
    } catch (error) {
      notices.showProblem(toProblem(error))
      return null
    }
  }

  /** Chooses every film of the table, also those not fetched yet. */
  async function all(): Promise<void> {
    const question = ++asked
    const found = await everything()
    if (question !== asked || !found) return
    range = null
    ids.value = new Set(found)
  }

  function clear(): void {
    range = null
    choose([])
  }

  /** The next range begins at the row that is active then. */
  function leaveRange(): void {
    range = null
  }

  watch(() => JSON.stringify(films.shownQuery.filter), clear)

  return { ids, count, toggle, extendTo, all, clear, leaveRange }
})
