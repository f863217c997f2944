import type { Connection } from '../database'
import type { FilmContext, ModelKey } from './types'

/** Films that one of these versions has pooled features of. */
export async function filmsWithPooled(db: Connection, kin: readonly ModelKey[]): Promise<string[]> {
  const films = new Set<string>()
  for (const { modelHash, preprocessingHash } of kin) {
    const rows = await db
      .selectFrom('prediction')
      .select('film_id')
      .where('model_hash', '=', modelHash)
      .where('preprocessing_hash', '=', preprocessingHash)
      .where('pooled', 'is not', null)
      .execute()
    for (const { film_id } of rows) films.add(film_id)
  }
  return [...films]
}

/** Pooled features by film, by the first of the versions that has them; films without are left out. */
export async function readPooled(
  db: Connection,
  kin: readonly ModelKey[],
  filmIds: readonly string[]
): Promise<Map<string, Float32Array>> {
  const found = new Map<string, Float32Array>()
  for (const { modelHash, preprocessingHash } of kin) {
    const left = filmIds.filter(id => !found.has(id))
    if (left.length === 0) break
    const rows = await db
      .selectFrom('prediction')
      .select(['film_id', 'pooled'])
      .where('film_id', 'in', left)
      .where('model_hash', '=', modelHash)
      .where('preprocessing_hash', '=', preprocessingHash)
      .where('pooled', 'is not', null)
      .execute()
    // Copied, because a blob from the database need not begin at a multiple of four bytes.
    for (const { film_id, pooled } of rows) found.set(film_id, new Float32Array(pooled!.slice().buffer))
  }
  return found
}

export async function readContexts(db: Connection): Promise<FilmContext[]> {
  const rows = await db
    .selectFrom('film')
    .select(['id', 'patient_id', 'ga_days', 'bw_grams'])
    .orderBy('id')
    .execute()
  return rows.map(row => ({
    id: row.id,
    patientId: row.patient_id,
    gaDays: row.ga_days,
    bwGrams: row.bw_grams
  }))
}
