import type { Kysely } from 'kysely'

/** Experiments: several methods on the same films, seed by seed, with what each part has come to. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('experiment')
    .addColumn('id', 'text', column => column.primaryKey().notNull())
    .addColumn('at', 'text', column => column.notNull())
    .addColumn('name', 'text', column => column.notNull())
    .addColumn('reader', 'text', column => column.notNull())
    .addColumn('options_json', 'text', column => column.notNull())
    .addColumn('plan_json', 'text', column => column.notNull())
    .addColumn('parts_json', 'text', column => column.notNull())
    .addColumn('result_json', 'text')
    .execute()
}
