import { sql } from 'kysely'
import type { Connection } from './schema'

/** Judges an infant's clinical context at the age of one film; injected, since growth rules live elsewhere. */
export type ContextStateOf = (context: {
  gaDays: number | null
  bwGrams: number | null
  sex: 'M' | 'F' | null
  ageHours: number | null
}) => string

/** Bound parameters per statement stay well below SQLite's 32,766 and PostgreSQL's 65,535. */
export const BATCH = 500

export function inBatches<T>(items: readonly T[], size = BATCH): T[][] {
  const batches: T[][] = []
  for (let start = 0; start < items.length; start += size) batches.push(items.slice(start, start + size))
  return batches
}

/**
 * Copies the infants' clinical contexts to their films and judges them again; predictions made from another context are
 * no longer shown. Call it inside the transaction that changed table `patient` or a film's age.
 */
export async function projectContexts(
  db: Connection,
  patientIds: readonly string[],
  contextStateOf: ContextStateOf
): Promise<void> {
  for (const batch of inBatches(patientIds)) {
    const films = await db
      .selectFrom('film')
      .innerJoin('patient', 'patient.id', 'film.patient_id')
      .where('patient.id', 'in', batch)
      .select([
        'film.id',
        'film.age_hours as ageHours',
        'film.context_state as state',
        'film.ga_days as oldGaDays',
        'film.bw_grams as oldBwGrams',
        'film.sex as oldSex',
        'patient.ga_days as gaDays',
        'patient.bw_grams as bwGrams',
        'patient.sex as sex'
      ])
      .execute()
    const changed: string[] = []
    for (const film of films) {
      const state = contextStateOf(film)
      const same =
        state === film.state &&
        film.gaDays === film.oldGaDays &&
        film.bwGrams === film.oldBwGrams &&
        film.sex === film.oldSex
      if (same) continue
      changed.push(film.id)
      await db
        .updateTable('film')
        .set({ ga_days: film.gaDays, bw_grams: film.bwGrams, sex: film.sex, context_state: state })
        .where('id', '=', film.id)
        .execute()
    }
    await projectPredictions(db, changed)
  }
}

/**
 * Shows on films what the active model said of them, or nothing where it was not asked, or was asked with other values
 * of GA or BW than the infant has now.
 * @param filmIds null for all films
 */
export async function projectPredictions(db: Connection, filmIds: readonly string[] | null): Promise<void> {
  if (filmIds === null) return update(db, null)
  for (const batch of inBatches(filmIds)) await update(db, batch)
}

async function update(db: Connection, filmIds: readonly string[] | null): Promise<void> {
  const active = await db
    .selectFrom('model')
    .select(['hash', 'preprocessing_hash'])
    .where('active', '=', 1)
    .executeTakeFirst()
  if (!active) {
    await db
      .updateTable('film')
      .set({ predicted: null, confidence: null })
      .$if(filmIds !== null, query => query.where('id', 'in', filmIds!))
      .where('predicted', 'is not', null)
      .execute()
    return
  }
  const said = (column: 'predicted' | 'confidence') => sql<never>`(
    select ${sql.ref(`prediction.${column}`)} from prediction
    where prediction.film_id = film.id
      and prediction.model_hash = ${active.hash}
      and prediction.preprocessing_hash = ${active.preprocessing_hash}
      and prediction.ga_days is not distinct from film.ga_days
      and prediction.bw_grams is not distinct from film.bw_grams)`
  await db
    .updateTable('film')
    .set({ predicted: said('predicted'), confidence: said('confidence') })
    .$if(filmIds !== null, query => query.where('id', 'in', filmIds!))
    .execute()
}

/** Shows on every film the side that it has in a split: that of its infant where the film is in the manifest. */
export async function projectSplitSides(db: Connection, splitId: string): Promise<void> {
  await db
    .updateTable('film')
    .set({
      split_side: sql<never>`(
        select split_patient.side from split_film
        join split_patient
          on split_patient.split_id = split_film.split_id and split_patient.patient_id = split_film.patient_id
        where split_film.film_id = film.id and split_film.split_id = ${splitId})`
    })
    .execute()
}
