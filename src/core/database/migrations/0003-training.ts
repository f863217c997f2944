import type { Kysely } from 'kysely'

/** The log of training runs. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('training_event')
    .addColumn('job_id', 'text', column => column.notNull().references('job.id'))
    .addColumn('seq', 'integer', column => column.notNull())
    .addColumn('at', 'text', column => column.notNull())
    .addColumn('event_json', 'text', column => column.notNull())
    .addPrimaryKeyConstraint('training_event_key', ['job_id', 'seq'])
    .execute()
}
