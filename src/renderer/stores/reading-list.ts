import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { api, toProblem } from '../api-client'
import type { FilmQuery, QueueReason } from '../../contract'
import { blindQuery, blindReasons } from './blind-view'
import { useBlinding } from './blinding'
import { useNotices } from './notices'

/**
 * The films a reader goes through, in order, frozen when reading began: a label set on the way must not reorder or
 * shorten the list under the reader's hands.
 */
export const useReadingList = defineStore('reading-list', () => {
  const ids = shallowRef<readonly string[]>([])
  const position = ref(0)
  const blinding = useBlinding()
  const notices = useNotices()
  /** What the list was taken from; null where it was handed over as it is, as by a queue. */
  let source: FilmQuery | null = null
  const places = computed(() => new Map(ids.value.map((id, index) => [id, index])))

  /** Of a list that a queue made: why each film is in it. */
  const why = shallowRef<ReadonlyMap<string, readonly QueueReason[]>>(new Map())

  const currentId = computed(() => ids.value[position.value] ?? null)
  const hasNext = computed(() => position.value < ids.value.length - 1)
  const hasPrevious = computed(() => position.value > 0)

  /** Replaces the list and goes to `startId`, or to its beginning where that is not in it. */
  function take(
    list: readonly string[],
    startId?: string,
    reasons: ReadonlyMap<string, readonly QueueReason[]> = new Map()
  ): void {
    source = null
    why.value = reasons
    ids.value = list
    position.value = (startId !== undefined && places.value.get(startId)) || 0
  }

  /** Why a queue holds the film, as far as the reader may be told now; `withheld` where there is more. */
  function reasonsFor(id: string): { reasons: QueueReason[]; withheld: boolean } {
    const all = why.value.get(id) ?? []
    const reasons = blindReasons(all, blinding.hides)
    return { reasons, withheld: reasons.length < all.length }
  }

  /**
   * Freezes what a query matches now, for a blinded reader in an order that tells nothing.
   * @returns false where that failed, which is said, and the list stays as it was
   */
  async function takeFrom(query: FilmQuery, startId?: string): Promise<boolean> {
    try {
      take(await api.films.ids({ query: blindQuery(query, blinding.hides) }), startId)
      source = query
      return true
    } catch (error) {
      notices.showProblem(toProblem(error))
      return false
    }
  }

  /** A reader who becomes blinded on the way goes on in an order that tells nothing. */
  watch(
    () => blinding.active,
    active => {
      if (active && source && blindQuery(source, blinding.hides) !== source)
        void takeFrom(source, currentId.value ?? undefined)
    }
  )

  /** Goes to a film of the list; one that is not in it becomes a list of its own. */
  function goTo(id: string): void {
    const place = places.value.get(id)
    if (place === undefined) take([id])
    else position.value = place
  }

  /** Steps on and gives the film now current; at the end of the list it stays and gives null. */
  function next(): string | null {
    if (!hasNext.value) return null
    position.value += 1
    return currentId.value
  }

  function previous(): string | null {
    if (!hasPrevious.value) return null
    position.value -= 1
    return currentId.value
  }

  /** Up to `count` films after the current one, nearest first: what to fetch ahead. */
  function peekAhead(count: number): string[] {
    return ids.value.slice(position.value + 1, position.value + 1 + count)
  }

  /** Up to `count` films before the current one, nearest first. */
  function peekBack(count: number): string[] {
    return ids.value.slice(Math.max(0, position.value - count), position.value).reverse()
  }

  return {
    ids,
    position,
    currentId,
    hasNext,
    hasPrevious,
    take,
    reasonsFor,
    takeFrom,
    goTo,
    next,
    previous,
    peekAhead,
    peekBack
  }
})
