import type { RefusalReason } from '../../domain'
import { NeoGateError, type ChildPool } from '../../foundation'
import { filmWorker, type IndexResult } from '../film-worker'

/** Files per call: enough to keep the calls cheap, few enough that a reader's film need not wait long. */
const BATCH = 32
/** Calls on their way: every child busy and the next one waiting. */
const IN_FLIGHT = 12
const BATCH_TIME_LIMIT_MS = 120_000
const FILE_TIME_LIMIT_MS = 30_000
/** Below what a reader waits for. */
const PRIORITY = -1

type Worker = ReturnType<typeof filmWorker>

/** A file that took its child down or too long is refused by itself; the others of its batch are read again. */
async function indexOne(worker: Worker, path: string, signal: AbortSignal): Promise<IndexResult> {
  try {
    const [result] = await worker.index([path], { signal, priority: PRIORITY, timeoutMs: FILE_TIME_LIMIT_MS })
    return result!
  } catch (error) {
    if (!(error instanceof NeoGateError) || error.code !== 'WORKER_FAILED') throw error
    const late = error.detail.reason === 'time-limit'
    const reason: RefusalReason = late ? 'time-limit' : 'crashed-decoder'
    const detail = late
      ? `Reading the header took longer than ${FILE_TIME_LIMIT_MS / 1000} s.`
      : 'The reader of the file stopped unexpectedly.'
    return { path, refusal: { reason, detail } }
  }
}

async function indexBatch(worker: Worker, paths: string[], signal: AbortSignal): Promise<IndexResult[]> {
  try {
    return await worker.index(paths, { signal, priority: PRIORITY, timeoutMs: BATCH_TIME_LIMIT_MS })
  } catch (error) {
    if (!(error instanceof NeoGateError) || error.code !== 'WORKER_FAILED') throw error
    const results: IndexResult[] = []
    for (const path of paths) results.push(await indexOne(worker, path, signal))
    return results
  }
}

/**
 * Reads the headers of many files in the children, several batches at a time, and yields them batch by batch in the order
 * given.
 * @throws NeoGateError CANCELLED
 */
export async function* indexFilms<T extends { absolute: string }>(
  pool: ChildPool,
  files: readonly T[],
  signal: AbortSignal
): AsyncGenerator<{ file: T; result: IndexResult }[]> {
  const worker = filmWorker(pool)
  const running: { files: readonly T[]; results: Promise<IndexResult[]> }[] = []
  let next = 0
  const fill = () => {
    while (running.length < IN_FLIGHT && next < files.length) {
      const batch = files.slice(next, next + BATCH)
      next += BATCH
      const results = indexBatch(
        worker,
        batch.map(file => file.absolute),
        signal
      )
      // Awaited in turn below; one that fails after another has failed must not end the process.
      results.catch(() => {})
      running.push({ files: batch, results })
    }
  }
  fill()
  while (running.length > 0) {
    const { files: batch, results } = running.shift()!
    const done = await results
    fill()
    yield batch.map((file, index) => ({ file, result: done[index]! }))
  }
}
