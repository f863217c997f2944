import { defineStore } from 'pinia'
import { computed, watch } from 'vue'
import { api, toProblem } from '../api-client'
import { useNotices } from './notices'
import { useProject } from './project'
import { useReading } from './reading'
import { useReadingList } from './reading-list'

/** Films whose infants are asked for at a time; few infants have as many in a row. */
const CHUNK = 100

/** Steps through the reading list infant by infant. */
export const useInfantSteps = defineStore('infant-steps', () => {
  const list = useReadingList()
  const reading = useReading()
  const notices = useNotices()
  const project = useProject()

  /** Infant of each film asked for so far; films keep their infant. */
  const infants = new Map<string, string>()
  let stepping = false

  async function know(ids: readonly string[]): Promise<void> {
    const unknown = ids.filter(id => !infants.has(id))
    if (unknown.length === 0) return
    const found = await api.films.infants({ ids: unknown })
    unknown.forEach((id, index) => infants.set(id, found[index]!))
  }

  /** Place of the next infant's first film after `from`, or of the first film of the infant before; null at the end. */
  async function find(from: number, direction: 1 | -1): Promise<number | null> {
    const { ids } = list
    const infantAt = (place: number) => infants.get(ids[place]!)
    const read = async (place: number) => {
      const start = direction === 1 ? place : Math.max(0, place - CHUNK + 1)
      if (!infants.has(ids[place]!)) await know(ids.slice(start, start + CHUNK))
      return infantAt(place)
    }
    const own = await read(from)
    let place = from + direction
    while (place >= 0 && place < ids.length && (await read(place)) === own) place += direction
    if (place < 0 || place >= ids.length) return null
    if (direction === 1) return place
    const other = infantAt(place)
    while (place > 0 && (await read(place - 1)) === other) place--
    return place
  }

  /**
   * Goes to the first film of the next or previous infant of the reading list.
   * @returns false where there is none, true also where it could not be found out (the reader is told)
   */
  async function go(direction: 1 | -1): Promise<boolean> {
    if (stepping) return true
    stepping = true
    const [ids, read] = [list.ids, reading.filmId]
    try {
      const place = await find(list.position, direction)
      // The reader may have gone on meanwhile.
      if (list.ids !== ids || reading.filmId !== read) return true
      if (place === null) return false
      void reading.open(ids[place]!)
      return true
    } catch (error) {
      notices.showProblem(toProblem(error))
      return true
    } finally {
      stepping = false
    }
  }

  /** First film of the next infant, for fetching ahead; null where there is none or it cannot be known. */
  async function peekNext(): Promise<string | null> {
    const { ids, position } = list
    const place = await find(position, 1).catch(() => null)
    return place === null || list.ids !== ids ? null : (ids[place] ?? null)
  }

  watch(
    () => project.current?.folder,
    () => infants.clear()
  )

  return {
    next: () => go(1),
    previous: () => go(-1),
    peekNext,
    hasNext: computed(() => list.hasNext),
    hasPrevious: computed(() => list.hasPrevious)
  }
})
