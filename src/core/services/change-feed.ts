import type { ProjectChange } from '../../contract'
import type { ChangeFeed } from './core-context'

/** Above this many films a change names none, and screens look at everything again. */
const MOST_FILM_IDS = 500

interface Subscriber {
  /** What this subscriber has not been given yet, in one. */
  waiting: ProjectChange | null
  wake: () => void
}

const isOfData = (areas: ProjectChange['areas']) => areas.some(area => area !== 'jobs')

/**
 * The changes of one project. A subscriber that is slow gets several changes merged into one, so that nothing is missed and
 * nothing piles up.
 */
export function createChangeFeed(): ChangeFeed & { close(): void } {
  const subscribers = new Set<Subscriber>()
  let version = 0
  /** How many changes there were of the same areas. */
  const counts = new Map<string, { areas: ProjectChange['areas']; changes: number }>()
  let closed = false

  return {
    version(concerns = isOfData) {
      let sum = 0
      for (const { areas, changes } of counts.values()) if (concerns(areas)) sum += changes
      return sum
    },

    publish(areas, filmIds) {
      version++
      const key = areas.join()
      counts.set(key, { areas, changes: (counts.get(key)?.changes ?? 0) + 1 })
      const change = { version, areas: [...areas], filmIds: limited(filmIds ?? null) }
      for (const subscriber of subscribers) {
        subscriber.waiting = subscriber.waiting ? merge(subscriber.waiting, change) : change
        subscriber.wake()
      }
    },

    subscribe(signal) {
      const subscriber: Subscriber = { waiting: null, wake: () => {} }
      subscribers.add(subscriber)
      return deliver(subscriber, signal)
    },

    close() {
      closed = true
      for (const subscriber of subscribers) subscriber.wake()
    }
  }

  async function* deliver(subscriber: Subscriber, signal?: AbortSignal): AsyncGenerator<ProjectChange> {
    const onAbort = () => subscriber.wake()
    signal?.addEventListener('abort', onAbort)
    try {
      while (!closed && !signal?.aborted) {
        const change = subscriber.waiting
        if (change) {
          subscriber.waiting = null
          yield change
        } else {
          await new Promise<void>(resolve => {
            subscriber.wake = resolve
          })
        }
      }
    } finally {
      signal?.removeEventListener('abort', onAbort)
      subscribers.delete(subscriber)
    }
  }
}

function merge(earlier: ProjectChange, later: ProjectChange): ProjectChange {
  const filmIds =
    earlier.filmIds && later.filmIds ? [...new Set([...earlier.filmIds, ...later.filmIds])] : null
  return {
    version: later.version,
    areas: [...new Set([...earlier.areas, ...later.areas])],
    filmIds: limited(filmIds)
  }
}

function limited(filmIds: string[] | null): string[] | null {
  return filmIds && filmIds.length <= MOST_FILM_IDS ? filmIds : null
}
