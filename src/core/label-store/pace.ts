import { setImmediate as nextTurn } from 'node:timers/promises'
import { NeoGateError } from '../foundation'
import type { ChangeProgress, Watching } from './types'

/** Work between two turns of the event loop. */
const TURN_MS = 8

/**
 * Lets a long change give way: others get a turn of the event loop, whoever watches is told how far it is, and it ends where it
 * is to be cancelled. Its work is counted in entries, each by quarters: read, chained to the one before, entered into the history, shown.
 */
export interface Pace {
  /** The reading begins (again) and finds so many entries; unknown: null. */
  begin(total: number | null): void
  /** @param entries by how many a quarter of the work is further @throws NeoGateError CANCELLED */
  pass(entries?: number): Promise<void>
}

const QUARTERS = 4

export function createPace({ signal, progress }: Watching = {}): Pace {
  let turn = performance.now()
  let total: number | null = null
  let done = 0

  const tell = () => {
    const told: ChangeProgress = { done: Math.floor(done / QUARTERS), total }
    progress?.(told)
  }
  return {
    begin(entries) {
      total = entries
      done = 0
      tell()
    },
    async pass(entries = 0) {
      done += entries
      if (signal?.aborted)
        throw new NeoGateError('CANCELLED', 'The change was cancelled; nothing was changed.')
      if (performance.now() - turn < TURN_MS) return
      tell()
      await nextTurn()
      turn = performance.now()
    }
  }
}
