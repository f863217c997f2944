import type { Kysely } from 'kysely'

/** Readers, protocols, films in readers' hands, their readings, and what the queues ask of a model. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('reader')
    .addColumn('name', 'text', column => column.primaryKey().notNull())
    .addColumn('roles_json', 'text', column => column.notNull())
    .addColumn('active', 'integer', column => column.notNull().defaultTo(1))
    .addColumn('created_at', 'text', column => column.notNull())
    .execute()

  await db.schema
    .createTable('protocol')
    .addColumn('id', 'text', column => column.primaryKey().notNull())
    .addColumn('name', 'text', column => column.notNull().unique())
    .addColumn('created_at', 'text', column => column.notNull())
    .addColumn('created_by', 'text', column => column.notNull())
    .addColumn('seed', 'integer', column => column.notNull())
    .addColumn('settings_json', 'text', column => column.notNull())
    .addColumn('closed_at', 'text')
    .execute()

  await db.schema
    .createTable('protocol_film')
    .addColumn('protocol_id', 'text', column => column.notNull().references('protocol.id'))
    .addColumn('position', 'integer', column => column.notNull())
    .addColumn('film_id', 'text', column => column.notNull().references('film.id'))
    .addColumn('random', 'integer', column => column.notNull())
    .addColumn('score', 'double precision', column => column.notNull())
    .addColumn('reasons_json', 'text', column => column.notNull())
    .addColumn('label', 'text')
    .addPrimaryKeyConstraint('protocol_film_key', ['protocol_id', 'position'])
    .addUniqueConstraint('protocol_film_once', ['protocol_id', 'film_id'])
    .execute()

  await db.schema
    .createTable('reading_task')
    .addColumn('id', 'text', column => column.primaryKey().notNull())
    .addColumn('protocol_id', 'text', column => column.notNull().references('protocol.id'))
    .addColumn('film_id', 'text', column => column.notNull().references('film.id'))
    .addColumn('pass', 'text', column => column.notNull())
    .addColumn('slot', 'text', column => column.notNull())
    .addColumn('reader', 'text', column => column.notNull())
    .addColumn('claimed_at', 'text', column => column.notNull())
    .addColumn('done_at', 'text')
    // Whatever the program does, the database gives a place at a film to one reader only.
    .addUniqueConstraint('reading_task_place', ['protocol_id', 'film_id', 'pass', 'slot'])
    .addUniqueConstraint('reading_task_reader', ['protocol_id', 'film_id', 'pass', 'reader'])
    .execute()

  await db.schema
    .createTable('reading')
    .addColumn('seq', 'integer', column => column.primaryKey().notNull())
    .addColumn('at', 'text', column => column.notNull())
    .addColumn('protocol_id', 'text', column => column.notNull().references('protocol.id'))
    .addColumn('task_id', 'text', column => column.notNull().references('reading_task.id'))
    .addColumn('film_id', 'text', column => column.notNull().references('film.id'))
    .addColumn('reader', 'text', column => column.notNull())
    .addColumn('pass', 'text', column => column.notNull())
    .addColumn('diagnosis', 'text', column => column.notNull())
    .addColumn('certainty', 'text', column => column.notNull())
    .addColumn('comment', 'text', column => column.notNull())
    .addColumn('reason_codes_json', 'text', column => column.notNull())
    .addColumn('seconds', 'double precision')
    .addColumn('hidden_json', 'text', column => column.notNull())
    .addColumn('amends', 'integer')
    .addColumn('after_reveal', 'integer', column => column.notNull())
    .addColumn('hash', 'text', column => column.notNull())
    .execute()
  await db.schema.createIndex('reading_protocol').on('reading').columns(['protocol_id', 'seq']).execute()

  await db.schema
    .createTable('film_score')
    .addColumn('film_id', 'text', column => column.primaryKey().notNull().references('film.id'))
    .addColumn('model_hash', 'text', column => column.notNull())
    .addColumn('made_at', 'text', column => column.notNull())
    .addColumn('label', 'text')
    .addColumn('own', 'blob', column => column.notNull())
    .addColumn('at_mean', 'blob')
    .addColumn('out_of_fold', 'blob')
    .addColumn('core_set', 'double precision')
    .execute()
}
