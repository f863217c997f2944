import type { Connection } from '../database'

/** Films whose label, or whose infant's GA, BW or sex, has an entry later than a moment (ISO 8601 UTC). */
export async function filmsChangedSince(db: Connection, at: string): Promise<Set<string>> {
  const changed = db.selectFrom('revision').select('subject_id').where('at', '>', at)
  const [byLabel, byContext] = [
    await db
      .selectFrom('film')
      .select('id')
      .where('id', 'in', changed.where('kind', '=', 'label'))
      .execute(),
    await db
      .selectFrom('film')
      .select('id')
      .where('patient_id', 'in', changed.where('kind', '=', 'clinical-context'))
      .execute()
  ]
  return new Set([...byLabel, ...byContext].map(({ id }) => id))
}
