import type { Kysely } from 'kysely'

/** Evaluations with the answers they were computed from, and what was fitted on validation films for each version. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('evaluation')
    .addColumn('id', 'text', column => column.primaryKey().notNull())
    .addColumn('at', 'text', column => column.notNull())
    .addColumn('reader', 'text', column => column.notNull())
    .addColumn('model_id', 'text', column => column.notNull())
    .addColumn('model_hash', 'text', column => column.notNull())
    .addColumn('set_hash', 'text', column => column.notNull())
    .addColumn('summary_json', 'text', column => column.notNull())
    .addColumn('result_json', 'text', column => column.notNull())
    .execute()
  await db.schema.createIndex('evaluation_at').on('evaluation').columns(['at', 'id']).execute()

  await db.schema
    .createTable('evaluation_cases')
    .addColumn('evaluation_id', 'text', column => column.primaryKey().notNull().references('evaluation.id'))
    .addColumn('film_ids', 'blob', column => column.notNull())
    .addColumn('infants', 'blob', column => column.notNull())
    .addColumn('labels', 'blob', column => column.notNull())
    .addColumn('predicted', 'blob', column => column.notNull())
    .addColumn('logits', 'blob', column => column.notNull())
    .execute()

  await db.schema
    .createTable('calibration')
    .addColumn('model_hash', 'text', column => column.primaryKey().notNull())
    .addColumn('split_id', 'text', column => column.notNull().references('split.id'))
    .addColumn('set_hash', 'text', column => column.notNull())
    .addColumn('films', 'integer', column => column.notNull())
    .addColumn('temperature', 'double precision', column => column.notNull())
    .addColumn('thresholds_json', 'text', column => column.notNull())
    .addColumn('fitted_at', 'text', column => column.notNull())
    .execute()
}
