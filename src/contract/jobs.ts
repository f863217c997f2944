import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { procedure } from './base'
import { errorData } from './errors'
import { jobId, timestamp } from './values'

export const jobState = z.enum(['queued', 'running', 'paused', 'done', 'cancelled', 'failed'])

export const jobProgress = z.object({
  done: z.int(),
  /** null while it is not known yet. */
  total: z.int().nullable(),
  /** What is being done now, e.g. 'walk', 'read', 'write'. */
  step: z.string(),
  /** Items per second over the last seconds. */
  perSecond: z.number().nullable(),
  secondsLeft: z.number().nullable()
})
export type JobProgress = z.infer<typeof jobProgress>

export const job = z.object({
  id: jobId,
  kind: z.enum([
    'rehearsal',
    'import',
    'predict',
    'compare-pixels',
    'train',
    'evaluate',
    'experiment',
    'score',
    'ensemble'
  ]),
  state: jobState,
  progress: jobProgress,
  startedAt: timestamp,
  finishedAt: timestamp.nullable(),
  error: z.object({ code: z.string(), message: z.string(), data: errorData }).nullable(),
  /** Counts the job ended with, by name (e.g. imported, unchanged, refused). */
  summary: z.record(z.string(), z.number())
})
export type Job = z.infer<typeof job>

export const jobs = {
  list: procedure.output(z.array(job)),
  get: procedure.input(z.object({ id: jobId })).output(job),
  /**
   * The job after every change, beginning with its present state; ends when the job does. Survives a reload: call it
   * again with the same id.
   */
  watch: procedure.input(z.object({ id: jobId })).output(eventIterator(job)),
  /** Stops at the next safe point; `resume` goes on from there. */
  pause: procedure.input(z.object({ id: jobId })).output(job),
  cancel: procedure.input(z.object({ id: jobId })).output(job),
  /** Goes on with a cancelled, failed or interrupted job from where it was. */
  resume: procedure.input(z.object({ id: jobId })).output(job)
}
