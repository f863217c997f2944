import type { Kysely } from 'kysely'

/** Splits by infant with their manifests, who asked for a locked test part, and hashes of decoded pixels. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('split')
    .addColumn('id', 'text', column => column.primaryKey().notNull())
    .addColumn('name', 'text', column => column.notNull().unique())
    .addColumn('created_at', 'text', column => column.notNull())
    .addColumn('reader', 'text', column => column.notNull())
    .addColumn('parent_id', 'text', column => column.references('split.id'))
    .addColumn('parent_hash', 'text')
    .addColumn('seed', 'integer', column => column.notNull())
    .addColumn('proportions_json', 'text', column => column.notNull())
    .addColumn('manifest_hash', 'text', column => column.notNull())
    .addColumn('report_json', 'text', column => column.notNull())
    .execute()

  await db.schema
    .createTable('split_patient')
    .addColumn('split_id', 'text', column => column.notNull().references('split.id'))
    .addColumn('patient_id', 'text', column => column.notNull().references('patient.id'))
    .addColumn('side', 'text', column => column.notNull())
    .addPrimaryKeyConstraint('split_patient_key', ['split_id', 'patient_id'])
    .execute()

  await db.schema
    .createTable('split_film')
    .addColumn('split_id', 'text', column => column.notNull().references('split.id'))
    .addColumn('film_id', 'text', column => column.notNull().references('film.id'))
    .addColumn('patient_id', 'text', column => column.notNull().references('patient.id'))
    .addColumn('label', 'text', column => column.notNull())
    .addPrimaryKeyConstraint('split_film_key', ['split_id', 'film_id'])
    .execute()

  await db.schema
    .createTable('test_access')
    .addColumn('id', 'text', column => column.primaryKey().notNull())
    .addColumn('split_id', 'text', column => column.notNull().references('split.id'))
    .addColumn('at', 'text', column => column.notNull())
    .addColumn('reader', 'text', column => column.notNull())
    .addColumn('reason', 'text', column => column.notNull())
    .addColumn('films', 'integer', column => column.notNull())
    .execute()
  await db.schema.createIndex('test_access_split').on('test_access').columns(['split_id', 'at']).execute()

  await db.schema
    .createTable('film_pixels')
    .addColumn('film_id', 'text', column => column.primaryKey().notNull().references('film.id'))
    .addColumn('hash', 'text', column => column.notNull())
    .execute()
}
