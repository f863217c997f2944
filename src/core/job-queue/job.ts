import type { ErrorDetail } from '../foundation'

export type JobKind =
  | 'rehearsal'
  | 'import'
  | 'predict'
  | 'compare-pixels'
  | 'train'
  | 'evaluate'
  | 'experiment'
  | 'score'
  | 'ensemble'

/** 'paused': interrupted by a crash or by closing the project; it waits to be resumed. */
export type JobState = 'queued' | 'running' | 'paused' | 'done' | 'cancelled' | 'failed'

export interface JobProgress {
  done: number
  /** null while it is not known yet. */
  total: number | null
  step: string
  /** Items per second over the last seconds; null while too little is known, and when the job stands still. */
  perSecond: number | null
  secondsLeft: number | null
}

export interface JobError {
  code: string
  message: string
  data: ErrorDetail
}

export interface Job {
  id: string
  kind: JobKind
  state: JobState
  progress: JobProgress
  startedAt: string
  finishedAt: string | null
  error: JobError | null
  summary: Record<string, number>
}

/** What a runner is given. Input and state are JSON values that the runner's own kind defines. */
export interface JobRun {
  id: string
  input: unknown
  /** What saveState last stored in an earlier run of this job, or null at its first run. */
  savedState: unknown
  /** When the job was first started, ISO 8601. */
  startedAt: string
  /** Aborted by cancel and by close; the runner then stops at its next safe point by throwing. */
  signal: AbortSignal
  /** Cheap: call it as often as you like. */
  progress(report: { done: number; total: number | null; step: string }): void
  /** Stored durably when the promise resolves. */
  saveState(state: unknown): Promise<void>
  /** Counts to end with; replaces what was given before. */
  summary(counts: Record<string, number>): void
}

/** Does the work of one kind of job; throws to fail it. */
export type JobRunner = (run: JobRun) => Promise<void>

export const isOver = (state: JobState) => state === 'done' || state === 'cancelled' || state === 'failed'
