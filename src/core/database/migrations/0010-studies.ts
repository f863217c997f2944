import { sql, type Kysely } from 'kysely'

/** Views and film sets of Studies, the newest split beside each film, and bulk changes in the history. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('revision').addColumn('group_seq', 'integer').execute()
  await db.schema.createIndex('revision_group').on('revision').column('group_seq').execute()

  await db.schema.alterTable('film').addColumn('split_side', 'text').execute()
  await sql`
    update film set split_side = (
      select split_patient.side from split_film
      join split_patient
        on split_patient.split_id = split_film.split_id and split_patient.patient_id = split_film.patient_id
      where split_film.film_id = film.id
        and split_film.split_id = (select id from split order by created_at desc, id desc limit 1))
  `.execute(db)
  // The first films of the table in its own order, before all films have been read.
  await db.schema.createIndex('film_table').on('film').columns(['patient_key', 'patient_id']).execute()

  await db.schema
    .createTable('film_set')
    .addColumn('id', 'text', column => column.primaryKey().notNull())
    .addColumn('name', 'text', column => column.notNull())
    .addColumn('film_ids', 'blob', column => column.notNull())
    .addColumn('made_at', 'text', column => column.notNull())
    .execute()

  await db.schema
    .createTable('study_view')
    .addColumn('id', 'text', column => column.primaryKey().notNull())
    .addColumn('name', 'text', column => column.notNull().unique())
    .addColumn('filter_json', 'text', column => column.notNull())
    .addColumn('sort_json', 'text', column => column.notNull())
    .addColumn('columns_json', 'text')
    .addColumn('is_default', 'integer', column => column.notNull())
    .addColumn('changed_by', 'text', column => column.notNull())
    .addColumn('changed_at', 'text', column => column.notNull())
    .execute()
}
