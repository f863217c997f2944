import { inBatches, type Connection, type Row } from '../database'
import { NeoGateError } from '../foundation'
import type { SplitReport } from './make-split'
import { byId, type Manifest } from './manifest'
import type { Proportions, Side } from './sides'
import type { Split } from './types'

/** Writes a split with its manifest; call it inside a transaction. */
export async function insertSplit(
  db: Connection,
  split: Split,
  parentHash: string | null,
  manifest: Manifest
): Promise<void> {
  await db
    .insertInto('split')
    .values({
      id: split.id,
      name: split.name,
      created_at: split.createdAt,
      reader: split.reader,
      parent_id: split.parentId,
      parent_hash: parentHash,
      seed: split.seed,
      proportions_json: JSON.stringify(split.proportions),
      manifest_hash: split.hash,
      report_json: JSON.stringify(split.report)
    })
    .execute()
  for (const batch of inBatches(manifest.patients)) {
    const rows = batch.map(({ id, side }) => ({ split_id: split.id, patient_id: id, side }))
    await db.insertInto('split_patient').values(rows).execute()
  }
  for (const batch of inBatches(manifest.films)) {
    const rows = batch.map(({ id, patientId, label }) => ({
      split_id: split.id,
      film_id: id,
      patient_id: patientId,
      label
    }))
    await db.insertInto('split_film').values(rows).execute()
  }
}

/** The manifest as it is stored, to be held against the recorded hash by the caller. */
export async function readManifest(db: Connection, split: Row<'split'>): Promise<Manifest> {
  const patients = await db
    .selectFrom('split_patient')
    .select(['patient_id as id', 'side'])
    .where('split_id', '=', split.id)
    .execute()
  const films = await db
    .selectFrom('split_film')
    .select(['film_id as id', 'patient_id as patientId', 'label'])
    .where('split_id', '=', split.id)
    .execute()
  return {
    proportions: JSON.parse(split.proportions_json) as Proportions,
    seed: split.seed,
    parentHash: split.parent_hash,
    patients: patients.sort(byId),
    films: films.sort(byId)
  }
}

/** @param name id or name. @throws NeoGateError NOT_FOUND */
export async function findSplit(db: Connection, name: string): Promise<Row<'split'>> {
  const rows = await db
    .selectFrom('split')
    .selectAll()
    .where(({ or, eb }) => or([eb('id', '=', name), eb('name', '=', name.normalize('NFC'))]))
    .execute()
  const found = rows.find(row => row.id === name) ?? rows[0]
  if (found) return found
  throw new NeoGateError('NOT_FOUND', `This project has no split '${name}'.`, {
    field: 'split',
    remedy: 'List the splits of the project, or make one first.'
  })
}

export function toSplit(row: Row<'split'>): Split {
  return {
    id: row.id,
    name: row.name,
    createdAt: row.created_at,
    reader: row.reader,
    parentId: row.parent_id,
    seed: row.seed,
    proportions: JSON.parse(row.proportions_json) as Proportions,
    hash: row.manifest_hash,
    report: JSON.parse(row.report_json) as SplitReport
  }
}

/** What decides on which side a film is. @returns by film id; films that the project does not have are left out */
export async function readPlaces(
  db: Connection,
  splitId: string,
  filmIds: readonly string[]
): Promise<Map<string, { infantSide: Side | null; writtenSide: Side | null; content: string[] }>> {
  const sides = new Map(
    (
      await db
        .selectFrom('split_patient')
        .select(['patient_id', 'side'])
        .where('split_id', '=', splitId)
        .execute()
    ).map(({ patient_id, side }) => [patient_id, side])
  )
  const places: Awaited<ReturnType<typeof readPlaces>> = new Map()
  for (const batch of inBatches(filmIds)) {
    const films = await db
      .selectFrom('film')
      .leftJoin('split_film', join =>
        join.onRef('split_film.film_id', '=', 'film.id').on('split_film.split_id', '=', splitId)
      )
      .leftJoin('film_pixels', 'film_pixels.film_id', 'film.id')
      .where('film.id', 'in', batch)
      .select([
        'film.id',
        'film.patient_id as infant',
        'split_film.patient_id as writtenInfant',
        'film.fingerprint',
        'film_pixels.hash as pixels'
      ])
      .execute()
    for (const { id, infant, writtenInfant, fingerprint, pixels } of films) {
      places.set(id, {
        infantSide: sides.get(infant) ?? null,
        writtenSide: (writtenInfant !== null && sides.get(writtenInfant)) || null,
        content: pixels === null ? [fingerprint] : [fingerprint, pixels]
      })
    }
  }
  return places
}

/** Fingerprints and pixel hashes of everything that belongs to the test part now or did when the split was made. */
export async function readTestContent(db: Connection, splitId: string): Promise<Set<string>> {
  const testInfants = db
    .selectFrom('split_patient')
    .select('patient_id')
    .where('split_id', '=', splitId)
    .where('side', '=', 'test')
  const testFilms = db
    .selectFrom('split_film')
    .select('film_id')
    .where('split_id', '=', splitId)
    .where('patient_id', 'in', testInfants)
  const films = await db
    .selectFrom('film')
    .leftJoin('film_pixels', 'film_pixels.film_id', 'film.id')
    .where(({ or, eb }) => or([eb('film.patient_id', 'in', testInfants), eb('film.id', 'in', testFilms)]))
    .select(['film.fingerprint', 'film_pixels.hash as pixels'])
    .execute()
  return new Set(films.flatMap(({ fingerprint, pixels }) => [fingerprint, ...(pixels ? [pixels] : [])]))
}
