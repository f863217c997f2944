import { sql, type Kysely } from 'kysely'

const UNIT_SEPARATOR = sql.lit('\u001f')

/** Bands as in domain/clinical-context; a test holds the two against each other. */
const GA_BAND = sql`case
  when ga_days is null then 'unknown'
  when ga_days < 196 then '<28'
  when ga_days < 224 then '28-31'
  when ga_days < 238 then '32-33'
  when ga_days < 259 then '34-36'
  else '>=37' end`

const BW_BAND = sql`case
  when bw_grams is null then 'unknown'
  when bw_grams < 1000 then '<1000'
  when bw_grams < 1500 then '1000-1499'
  when bw_grams < 2500 then '1500-2499'
  when bw_grams < 4000 then '2500-3999'
  else '>=4000' end`

const AGREEMENT = sql`case
  when label is null or predicted is null then 'unknown'
  when label = predicted then 'agree'
  else 'disagree' end`

/** Order of FACET_COLUMNS in ../schema. */
const FACET_VALUES = sql`coalesce(label, 'unlabelled')
  || ${UNIT_SEPARATOR} || coalesce(predicted, 'none')
  || ${UNIT_SEPARATOR} || ${AGREEMENT}
  || ${UNIT_SEPARATOR} || context_state
  || ${UNIT_SEPARATOR} || ${GA_BAND}
  || ${UNIT_SEPARATOR} || ${BW_BAND}
  || ${UNIT_SEPARATOR} || coalesce(certainty, 'none')
  || ${UNIT_SEPARATOR} || case when film_number > 1 then 'yes' else 'no' end
  || ${UNIT_SEPARATOR} || coalesce(view_position, 'unknown')
  || ${UNIT_SEPARATOR} || site`

/** The tables of schema version 1. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('meta')
    .addColumn('key', 'text', column => column.primaryKey().notNull())
    .addColumn('value', 'text', column => column.notNull())
    .execute()

  await db.schema
    .createTable('patient')
    .addColumn('id', 'text', column => column.primaryKey().notNull())
    .addColumn('site', 'text', column => column.notNull())
    .addColumn('patient_key', 'text', column => column.notNull())
    .addColumn('birth_time', 'text')
    .addColumn('ga_days', 'integer')
    .addColumn('bw_grams', 'integer')
    .addColumn('sex', 'text')
    .addColumn('file_sex', 'text')
    .addColumn('ga_source', 'text')
    .addColumn('bw_source', 'text')
    .addColumn('sex_source', 'text')
    .addColumn('revision', 'integer', column => column.notNull().defaultTo(0))
    .addUniqueConstraint('patient_site_key', ['site', 'patient_key'])
    .execute()

  await db.schema
    .createTable('film')
    .addColumn('id', 'text', column => column.primaryKey().notNull())
    .addColumn('patient_id', 'text', column => column.notNull().references('patient.id'))
    .addColumn('patient_key', 'text', column => column.notNull())
    .addColumn('site', 'text', column => column.notNull())
    .addColumn('root', 'text', column => column.notNull())
    .addColumn('path', 'text', column => column.notNull())
    .addColumn('raw_path', 'text')
    .addColumn('fingerprint', 'text', column => column.notNull())
    .addColumn('byte_size', 'integer', column => column.notNull())
    .addColumn('modified_at', 'text', column => column.notNull())
    .addColumn('header_json', 'text', column => column.notNull())
    .addColumn('added_at', 'text', column => column.notNull())
    .addColumn('film_time', 'text')
    .addColumn('age_hours', 'double precision')
    .addColumn('view_position', 'text')
    .addColumn('film_number', 'integer', column => column.notNull())
    .addColumn('film_count', 'integer', column => column.notNull())
    .addColumn('missing', 'integer', column => column.notNull().defaultTo(0))
    .addColumn('search_text', 'text', column => column.notNull())
    .addColumn('sex', 'text')
    .addColumn('ga_days', 'integer')
    .addColumn('bw_grams', 'integer')
    .addColumn('context_state', 'text', column => column.notNull())
    .addColumn('label', 'text')
    .addColumn('certainty', 'text')
    .addColumn('comment', 'text')
    .addColumn('label_reader', 'text')
    .addColumn('label_source', 'text')
    .addColumn('revision', 'integer', column => column.notNull().defaultTo(0))
    .addColumn('predicted', 'text')
    .addColumn('confidence', 'double precision')
    .addColumn('film_time_order', 'text', column =>
      column.generatedAlwaysAs(sql`coalesce(film_time, '9999')`).stored()
    )
    .addColumn('ga_band', 'text', column => column.generatedAlwaysAs(GA_BAND).stored())
    .addColumn('bw_band', 'text', column => column.generatedAlwaysAs(BW_BAND).stored())
    .addColumn('agreement', 'text', column => column.generatedAlwaysAs(AGREEMENT).stored())
    .addColumn('facet_values', 'text', column => column.generatedAlwaysAs(FACET_VALUES).stored())
    .execute()
  await db.schema
    .createIndex('film_patient')
    .on('film')
    .columns(['patient_id', 'film_time_order', 'id'])
    .execute()
  await db.schema.createIndex('film_facets').on('film').columns(['facet_values', 'search_text']).execute()
  await db.schema.createIndex('film_path').on('film').columns(['root', 'path']).execute()

  await db.schema
    .createTable('revision')
    .addColumn('seq', 'integer', column => column.primaryKey().notNull())
    .addColumn('at', 'text', column => column.notNull())
    .addColumn('reader', 'text', column => column.notNull())
    .addColumn('source', 'text', column => column.notNull())
    .addColumn('kind', 'text', column => column.notNull())
    .addColumn('subject_id', 'text', column => column.notNull())
    .addColumn('old_json', 'text', column => column.notNull())
    .addColumn('new_json', 'text', column => column.notNull())
    .addColumn('reason', 'text', column => column.notNull())
    .addColumn('undoes', 'integer')
    .addColumn('hash', 'text', column => column.notNull())
    .execute()
  await db.schema.createIndex('revision_subject').on('revision').columns(['subject_id', 'seq']).execute()
  await db.schema
    .createIndex('revision_reader')
    .on('revision')
    .columns(['reader', 'source', 'seq'])
    .execute()

  await db.schema
    .createTable('job')
    .addColumn('id', 'text', column => column.primaryKey().notNull())
    .addColumn('kind', 'text', column => column.notNull())
    .addColumn('state', 'text', column => column.notNull())
    .addColumn('input_json', 'text', column => column.notNull())
    .addColumn('saved_state_json', 'text')
    .addColumn('progress_json', 'text', column => column.notNull())
    .addColumn('error_json', 'text')
    .addColumn('summary_json', 'text', column => column.notNull())
    .addColumn('started_at', 'text', column => column.notNull())
    .addColumn('finished_at', 'text')
    .execute()

  await db.schema
    .createTable('import_item')
    .addColumn('job_id', 'text', column => column.notNull().references('job.id'))
    .addColumn('position', 'integer', column => column.notNull())
    .addColumn('path', 'text', column => column.notNull())
    .addColumn('outcome', 'text', column => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('detail', 'text')
    .addColumn('field', 'text')
    .addColumn('line', 'integer')
    .addPrimaryKeyConstraint('import_item_key', ['job_id', 'position'])
    .execute()
  await db.schema
    .createIndex('import_item_outcome')
    .on('import_item')
    .columns(['job_id', 'outcome', 'position'])
    .execute()

  await db.schema
    .createTable('profile')
    .addColumn('name', 'text', column => column.primaryKey().notNull())
    .addColumn('mapping_json', 'text', column => column.notNull())
    .execute()

  await db.schema
    .createTable('model')
    .addColumn('id', 'text', column => column.primaryKey().notNull())
    .addColumn('name', 'text', column => column.notNull())
    .addColumn('folder', 'text', column => column.notNull())
    .addColumn('method', 'text', column => column.notNull())
    .addColumn('hash', 'text', column => column.notNull())
    .addColumn('preprocessing_hash', 'text', column => column.notNull())
    .addColumn('info_json', 'text', column => column.notNull())
    .addColumn('created_at', 'text', column => column.notNull())
    .addColumn('active', 'integer', column => column.notNull().defaultTo(0))
    .execute()

  await db.schema
    .createTable('prediction')
    .addColumn('film_id', 'text', column => column.notNull().references('film.id'))
    .addColumn('model_hash', 'text', column => column.notNull())
    .addColumn('preprocessing_hash', 'text', column => column.notNull())
    .addColumn('ga_days', 'integer')
    .addColumn('bw_grams', 'integer')
    .addColumn('logits', 'blob', column => column.notNull())
    .addColumn('probabilities', 'blob', column => column.notNull())
    .addColumn('predicted', 'text', column => column.notNull())
    .addColumn('confidence', 'double precision', column => column.notNull())
    .addColumn('pooled', 'blob')
    .addColumn('maps', 'blob')
    .addColumn('map_geometry_json', 'text')
    .addColumn('provider', 'text', column => column.notNull())
    .addColumn('created_at', 'text', column => column.notNull())
    .addPrimaryKeyConstraint('prediction_key', ['film_id', 'model_hash', 'preprocessing_hash'])
    .execute()
}
