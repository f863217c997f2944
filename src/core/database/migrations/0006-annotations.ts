import type { Kysely } from 'kysely'

/** What readers draw over films. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('annotation')
    .addColumn('id', 'text', column => column.primaryKey().notNull())
    .addColumn('film_id', 'text', column => column.notNull().references('film.id'))
    .addColumn('reader', 'text', column => column.notNull())
    .addColumn('value_json', 'text')
    .addColumn('drawn', 'integer', column => column.notNull())
    .addColumn('revision', 'integer', column => column.notNull())
    .execute()
  await db.schema.createIndex('annotation_film').on('annotation').columns(['film_id', 'reader']).execute()
}
