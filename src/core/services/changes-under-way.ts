import type { ChangeUnderWay } from '../../contract'
import { NeoGateError } from '../foundation'
import type { Watching } from '../label-store'

/** Told this often at most, and of no change that is over sooner. */
const TELL_EVERY_MS = 100
/** No time left is told before this much is known of the pace. */
const WARM_UP_MS = 300

/** Changes of many films or infants while they are written: how far they are, for every screen, and a way to end them. */
export interface ChangesUnderWay {
  /** Runs a change under watch. @param signal its caller's, see CallContext */
  run<Result>(
    way: ChangeUnderWay['way'],
    signal: AbortSignal | undefined,
    change: (watching: Watching) => Promise<Result>
  ): Promise<Result>
  /** The change that has been under way longest, or null; beginning with now. */
  watch(signal?: AbortSignal): AsyncGenerator<ChangeUnderWay | null>
  /** @throws NeoGateError NOT_FOUND where it is over */
  cancel(id: number): void
}

interface Running {
  shown: ChangeUnderWay
  controller: AbortController
}

export function createChangesUnderWay(
  now: () => number = () => performance.now()
): ChangesUnderWay & { close(): void } {
  const running = new Map<number, Running>()
  const wakers = new Set<() => void>()
  let ids = 0
  let closed = false
  const wake = () => wakers.forEach(waker => waker())

  return {
    async run(way, signal, change) {
      const id = ++ids
      const controller = new AbortController()
      const onAbort = () => controller.abort()
      signal?.addEventListener('abort', onAbort)
      const began = now()
      const entry: Running = { shown: shownAt(id, way, { done: 0, total: null }, 0), controller }
      let told = began
      running.set(id, entry)
      try {
        return await change({
          signal: controller.signal,
          progress(progress) {
            const at = now()
            if (at - told < TELL_EVERY_MS) return
            told = at
            entry.shown = shownAt(id, way, progress, at - began)
            wake()
          }
        })
      } finally {
        signal?.removeEventListener('abort', onAbort)
        running.delete(id)
        wake()
      }
    },

    async *watch(signal) {
      let last: ChangeUnderWay | null | undefined
      let woken: () => void = () => {}
      const waker = () => woken()
      wakers.add(waker)
      signal?.addEventListener('abort', waker)
      try {
        while (!closed && !signal?.aborted) {
          const [first] = running.values()
          const shown = first?.shown ?? null
          if (shown !== last) {
            last = shown
            yield shown
          } else await new Promise<void>(resolve => (woken = resolve))
        }
      } finally {
        signal?.removeEventListener('abort', waker)
        wakers.delete(waker)
      }
    },

    cancel(id) {
      const entry = running.get(id)
      if (!entry) {
        throw new NeoGateError('NOT_FOUND', 'This change is over already.', {
          field: 'id',
          remedy: 'Undo takes it back.'
        })
      }
      entry.controller.abort()
    },

    close() {
      closed = true
      wake()
    }
  }
}

function shownAt(
  id: number,
  way: ChangeUnderWay['way'],
  { done, total }: { done: number; total: number | null },
  elapsed: number
): ChangeUnderWay {
  const perSecond = elapsed < WARM_UP_MS || done === 0 ? null : (done * 1000) / elapsed
  const secondsLeft = total === null || perSecond === null ? null : (total - done) / perSecond
  return { id, way, progress: { done, total, step: way, perSecond, secondsLeft } }
}
