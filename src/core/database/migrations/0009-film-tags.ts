import type { Kysely } from 'kysely'

/** Secondary findings, lines and tubes of a film. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const column of ['tags', 'tags_reader', 'tags_source'])
    await db.schema.alterTable('film').addColumn(column, 'text').execute()
  await db.schema
    .alterTable('film')
    .addColumn('tags_revision', 'integer', column => column.notNull().defaultTo(0))
    .execute()
}
