import type { LoggedTrainingEvent, TrainingEvent } from '../../../contract'
import type { ProjectDatabase } from '../../database'
import type { Clock } from '../../foundation'

/** The logs of a project's runs: kept in its database, and told to whoever listens. */
export interface TrainingLog {
  append(jobId: string, event: TrainingEvent): Promise<void>
  /** Entries after `after`, oldest first. */
  read(jobId: string, after: number): Promise<LoggedTrainingEvent[]>
  /** The newest entries, newest first. */
  newest(jobId: string, count: number): Promise<LoggedTrainingEvent[]>
  /** Resolves at the next entry of any run, or when the signal aborts. */
  changed(signal: AbortSignal): Promise<void>
}

export function createTrainingLog({ kysely }: Pick<ProjectDatabase, 'kysely'>, clock: Clock): TrainingLog {
  const waiting = new Set<() => void>()
  const ofRun = (jobId: string) => kysely.selectFrom('training_event').selectAll().where('job_id', '=', jobId)
  return {
    async append(jobId, event) {
      const last = await kysely
        .selectFrom('training_event')
        .select(({ fn }) => fn.max('seq').as('seq'))
        .where('job_id', '=', jobId)
        .executeTakeFirst()
      await kysely
        .insertInto('training_event')
        .values({
          job_id: jobId,
          seq: (last?.seq ?? 0) + 1,
          at: clock.timestamp(),
          event_json: JSON.stringify(event)
        })
        .execute()
      for (const wake of [...waiting]) wake()
    },

    async read(jobId, after) {
      const rows = await ofRun(jobId).where('seq', '>', after).orderBy('seq').execute()
      return rows.map(toEntry)
    },

    async newest(jobId, count) {
      const rows = await ofRun(jobId).orderBy('seq', 'desc').limit(count).execute()
      return rows.map(toEntry)
    },

    changed: signal =>
      new Promise<void>(resolve => {
        const done = () => {
          waiting.delete(done)
          signal.removeEventListener('abort', done)
          resolve()
        }
        if (signal.aborted) return resolve()
        waiting.add(done)
        signal.addEventListener('abort', done, { once: true })
      })
  }
}

function toEntry({
  seq,
  at,
  event_json
}: {
  seq: number
  at: string
  event_json: string
}): LoggedTrainingEvent {
  return { seq, at, event: JSON.parse(event_json) as TrainingEvent }
}
