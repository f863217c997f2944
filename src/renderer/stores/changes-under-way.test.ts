import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { ChangeUnderWay } from '../../contract'
import { useChangesUnderWay } from './changes-under-way'

const core = vi.hoisted(() => ({ cancelled: [] as number[], watches: 0 }))

const change: ChangeUnderWay = {
  id: 3,
  way: 'undo',
  progress: { done: 10, total: 43_338, step: 'undo', perSecond: null, secondsLeft: null }
}

vi.mock('../api-client', () => ({
  api: {
    history: {
      underWay: async (_: undefined, { signal }: { signal: AbortSignal }) => {
        core.watches++
        return (async function* () {
          yield change
          await new Promise(resolve => signal.addEventListener('abort', resolve))
        })()
      },
      cancel: async ({ id }: { id: number }) => void core.cancelled.push(id)
    }
  }
}))

beforeEach(() => {
  vi.useFakeTimers()
  setActivePinia(createPinia())
  Object.assign(core, { cancelled: [], watches: 0 })
})
afterEach(() => vi.useRealTimers())

it('does not ask how far a short change is', async () => {
  const store = useChangesUnderWay()
  expect(await store.during(Promise.resolve(5))).toBe(5)
  await vi.advanceTimersByTimeAsync(1000)
  expect([core.watches, store.current]).toEqual([0, null])
})

it('shows a long one until it is over, and cancels it once', async () => {
  const store = useChangesUnderWay()
  let fail!: (error: Error) => void
  const work = store.during(new Promise((_, reject) => (fail = reject)))
  const ended = expect(work).rejects.toThrow('cancelled')
  await vi.advanceTimersByTimeAsync(300)
  expect(store.current).toEqual(change)
  await store.cancel()
  await store.cancel()
  expect([core.cancelled, store.cancelling]).toEqual([[3], true])
  fail(new Error('cancelled'))
  await ended
  expect([store.current, store.cancelling]).toEqual([null, false])
})
