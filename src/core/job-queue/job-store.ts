import type { Selectable } from 'kysely'
import type { JobTable, ProjectDatabase } from '../database'
import type { Job, JobError, JobKind, JobProgress, JobState } from './job'

export interface StoredJob {
  job: Job
  input: unknown
  savedState: unknown
}

const COLUMNS_OF_JOB = [
  'id',
  'kind',
  'state',
  'progress_json',
  'error_json',
  'summary_json',
  'started_at',
  'finished_at'
] as const

function toJob(row: Pick<Selectable<JobTable>, (typeof COLUMNS_OF_JOB)[number]>): Job {
  return {
    id: row.id,
    kind: row.kind as JobKind,
    state: row.state as JobState,
    progress: JSON.parse(row.progress_json) as JobProgress,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    error: row.error_json === null ? null : (JSON.parse(row.error_json) as JobError),
    summary: JSON.parse(row.summary_json) as Record<string, number>
  }
}

/** Rows of the `job` table. */
export function createJobStore({ kysely }: Pick<ProjectDatabase, 'kysely'>) {
  return {
    async insert(job: Job, input: unknown): Promise<void> {
      await kysely
        .insertInto('job')
        .values({
          id: job.id,
          kind: job.kind,
          state: job.state,
          input_json: JSON.stringify(input ?? null),
          saved_state_json: null,
          progress_json: JSON.stringify(job.progress),
          error_json: null,
          summary_json: JSON.stringify(job.summary),
          started_at: job.startedAt,
          finished_at: null
        })
        .execute()
    },

    async update(job: Job): Promise<void> {
      await kysely
        .updateTable('job')
        .set({
          state: job.state,
          progress_json: JSON.stringify(job.progress),
          error_json: job.error === null ? null : JSON.stringify(job.error),
          summary_json: JSON.stringify(job.summary),
          finished_at: job.finishedAt
        })
        .where('id', '=', job.id)
        .execute()
    },

    async saveState(id: string, state: unknown): Promise<void> {
      await kysely
        .updateTable('job')
        .set({ saved_state_json: JSON.stringify(state ?? null) })
        .where('id', '=', id)
        .execute()
    },

    async load(id: string): Promise<StoredJob | null> {
      const row = await kysely.selectFrom('job').selectAll().where('id', '=', id).executeTakeFirst()
      if (!row) return null
      return {
        job: toJob(row),
        input: JSON.parse(row.input_json),
        savedState: row.saved_state_json === null ? null : JSON.parse(row.saved_state_json)
      }
    },

    /** Newest first. */
    async list(limit: number): Promise<Job[]> {
      const rows = await kysely
        .selectFrom('job')
        .select(COLUMNS_OF_JOB)
        .orderBy('started_at', 'desc')
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map(toJob)
    },

    /** Jobs that a dead process left behind as queued or running wait to be resumed. */
    async pauseInterrupted(): Promise<void> {
      await kysely
        .updateTable('job')
        .set({ state: 'paused' })
        .where('state', 'in', ['queued', 'running'])
        .execute()
    }
  }
}
