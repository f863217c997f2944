import type { Job, JobProgress } from '../contract'
import type { CommandCall, TerminalClient } from './command'
import { duration } from './output'

/**
 * Shows a job's progress until it ends. Cancelling the command cancels the job and waits until it has stopped, so that
 * what is saved is whole.
 * @returns the job as it ended: done, cancelled or failed
 */
export async function followJob(client: TerminalClient, id: string, call: CommandCall): Promise<Job> {
  const cancel = () => void client.jobs.cancel({ id })
  call.signal.addEventListener('abort', cancel, { once: true })
  try {
    if (call.signal.aborted) cancel()
    for await (const job of await client.jobs.watch({ id })) call.output.progress(progressLine(job.progress))
  } finally {
    call.signal.removeEventListener('abort', cancel)
  }
  return client.jobs.get({ id })
}

function progressLine({ done, total, step, perSecond, secondsLeft }: JobProgress): string {
  const parts = [`${step}: ${done}${total === null ? '' : ` of ${total}`}`]
  if (total !== null && total > 0) parts.push(`${Math.floor((100 * done) / total)} %`)
  if (perSecond !== null) parts.push(`${perSecond >= 10 ? Math.round(perSecond) : perSecond.toFixed(1)}/s`)
  if (secondsLeft !== null) parts.push(`${duration(secondsLeft)} left`)
  return parts.join(', ')
}
