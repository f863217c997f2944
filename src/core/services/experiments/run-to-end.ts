import { NeoGateError } from '../../foundation'
import type { JobQueue, JobState } from '../../job-queue'

const INTERRUPTED: readonly JobState[] = ['paused', 'cancelled', 'failed']

/**
 * Follows another job to its end, going on with it first where it was interrupted. When the signal aborts, that job is paused
 * as well, so that both can be resumed.
 * @param told share of it that is done, 0 to 1
 * @throws NeoGateError CANCELLED when stopped; CONFLICT where the job was stopped by itself; else what it failed with
 */
export async function runToEnd(
  jobs: JobQueue,
  id: string,
  signal: AbortSignal,
  told: (share: number) => void
): Promise<void> {
  const pause = () => void jobs.pause(id)
  signal.addEventListener('abort', pause, { once: true })
  try {
    if (signal.aborted) throw stopped()
    if (INTERRUPTED.includes((await jobs.get(id)).state)) await jobs.resume(id)
    for await (const { progress } of jobs.watch(id)) {
      if (progress.total) told(progress.done / progress.total)
    }
  } finally {
    signal.removeEventListener('abort', pause)
  }
  if (signal.aborted) throw stopped()
  const { state, error } = await jobs.get(id)
  if (state === 'done') return
  if (error) throw new NeoGateError('CONFLICT', error.message, { reason: 'run-failed', ...error.data })
  throw new NeoGateError('CONFLICT', `The job ${id} was ${state} by itself.`, {
    reason: 'run-stopped',
    remedy: 'Resume the experiment; it goes on with the job from where it was.'
  })
}

const stopped = () => new NeoGateError('CANCELLED', 'The experiment was stopped.')
