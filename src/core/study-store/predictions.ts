import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  inBatches,
  projectPredictions,
  type Connection,
  type Database,
  type NewRow,
  type Row
} from '../database'
import { NeoGateError } from '../foundation'
import type { ModelKey, StoredPrediction } from './types'

function toBytes(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}

/** Copies, because a blob from the database need not begin at a multiple of four bytes. */
function toFloats(bytes: Uint8Array): Float32Array {
  return new Float32Array(bytes.slice().buffer)
}

function toRow(prediction: StoredPrediction): NewRow<'prediction'> {
  return {
    film_id: prediction.filmId,
    model_hash: prediction.modelHash,
    preprocessing_hash: prediction.preprocessingHash,
    ga_days: prediction.gaDays,
    bw_grams: prediction.bwGrams,
    logits: toBytes(prediction.logits),
    probabilities: toBytes(prediction.probabilities),
    predicted: prediction.predicted,
    confidence: prediction.confidence,
    pooled: prediction.pooled && toBytes(prediction.pooled),
    maps: prediction.maps && toBytes(prediction.maps),
    map_geometry_json: prediction.mapGeometry === null ? null : JSON.stringify(prediction.mapGeometry),
    provider: prediction.provider,
    created_at: prediction.createdAt
  }
}

function fromRow(row: Row<'prediction'>): StoredPrediction {
  return {
    filmId: row.film_id,
    modelHash: row.model_hash,
    preprocessingHash: row.preprocessing_hash,
    gaDays: row.ga_days,
    bwGrams: row.bw_grams,
    logits: toFloats(row.logits),
    probabilities: toFloats(row.probabilities),
    predicted: row.predicted,
    confidence: row.confidence,
    pooled: row.pooled && toFloats(row.pooled),
    maps: row.maps && toFloats(row.maps),
    mapGeometry: row.map_geometry_json === null ? null : JSON.parse(row.map_geometry_json),
    provider: row.provider,
    createdAt: row.created_at
  }
}

export async function storePredictions(db: Connection, predictions: StoredPrediction[]): Promise<void> {
  for (const prediction of predictions) {
    const row = toRow(prediction)
    await db
      .insertInto('prediction')
      .values(row)
      .onConflict(conflict =>
        conflict.columns(['film_id', 'model_hash', 'preprocessing_hash']).doUpdateSet(row)
      )
      .execute()
  }
  await projectPredictions(
    db,
    predictions.map(prediction => prediction.filmId)
  )
}

export async function readPrediction(
  db: Connection,
  filmId: string,
  model: ModelKey
): Promise<StoredPrediction | null> {
  const row = await db
    .selectFrom('prediction')
    .selectAll()
    .where('film_id', '=', filmId)
    .where('model_hash', '=', model.modelHash)
    .where('preprocessing_hash', '=', model.preprocessingHash)
    .executeTakeFirst()
  return row ? fromRow(row) : null
}

/** Films read at a time: a row holds blobs of some 20 kB, of which none is needed here. */
const PAGE = 2000

/** Page by page, with a turn of the event loop in between. */
export async function readPredicted(db: Connection, model: ModelKey): Promise<Map<string, string>> {
  const predicted = new Map<string, string>()
  for (let after = ''; ;) {
    const rows = await db
      .selectFrom('film')
      .leftJoin('prediction', join =>
        join
          .onRef('prediction.film_id', '=', 'film.id')
          .on('prediction.model_hash', '=', model.modelHash)
          .on('prediction.preprocessing_hash', '=', model.preprocessingHash)
          .onRef('prediction.ga_days', 'is not distinct from', 'film.ga_days')
          .onRef('prediction.bw_grams', 'is not distinct from', 'film.bw_grams')
      )
      .select(['film.id', 'prediction.predicted'])
      .where('film.id', '>', after)
      .orderBy('film.id')
      .limit(PAGE)
      .execute()
    for (const row of rows) if (row.predicted !== null) predicted.set(row.id, row.predicted)
    if (rows.length < PAGE) return predicted
    after = rows[rows.length - 1]!.id
    await nextTurn()
  }
}

/** In batches, with a turn of the event loop in between. */
export async function readLogits(
  db: Connection,
  model: ModelKey,
  filmIds: readonly string[]
): Promise<Map<string, Float32Array>> {
  const logits = new Map<string, Float32Array>()
  for (const batch of inBatches(filmIds)) {
    const rows = await db
      .selectFrom('film')
      .innerJoin('prediction', join =>
        join
          .onRef('prediction.film_id', '=', 'film.id')
          .on('prediction.model_hash', '=', model.modelHash)
          .on('prediction.preprocessing_hash', '=', model.preprocessingHash)
          .onRef('prediction.ga_days', 'is not distinct from', 'film.ga_days')
          .onRef('prediction.bw_grams', 'is not distinct from', 'film.bw_grams')
      )
      .select(['film.id', 'prediction.logits'])
      .where('film.id', 'in', batch)
      .execute()
    for (const row of rows) logits.set(row.id, toFloats(row.logits))
    await nextTurn()
  }
  return logits
}

export async function filmsWithoutPrediction(db: Connection, model: ModelKey): Promise<string[]> {
  const rows = await db
    .selectFrom('film')
    .select('film.id')
    .where('film.missing', '=', 0)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('prediction')
            .select('prediction.film_id')
            .whereRef('prediction.film_id', '=', 'film.id')
            .where('prediction.model_hash', '=', model.modelHash)
            .where('prediction.preprocessing_hash', '=', model.preprocessingHash)
            .whereRef('prediction.ga_days', 'is not distinct from', 'film.ga_days')
            .whereRef('prediction.bw_grams', 'is not distinct from', 'film.bw_grams')
        )
      )
    )
    .orderBy('film.patient_key')
    .orderBy('film.patient_id')
    .orderBy('film.film_time', order => order.asc().nullsLast())
    .orderBy('film.id')
    .execute()
  return rows.map(row => row.id)
}

export async function activateModel(database: Database, modelId: string | null): Promise<void> {
  await database.transaction().execute(async db => {
    await db.updateTable('model').set({ active: 0 }).where('active', '=', 1).execute()
    if (modelId !== null) {
      const { numUpdatedRows } = await db
        .updateTable('model')
        .set({ active: 1 })
        .where('id', '=', modelId)
        .executeTakeFirst()
      if (numUpdatedRows === 0n) {
        throw new NeoGateError('NOT_FOUND', `This project has no model ${modelId}.`, {
          field: 'modelId',
          remedy: 'Add the model to the project first.'
        })
      }
    }
    await projectPredictions(db, null)
  })
}
