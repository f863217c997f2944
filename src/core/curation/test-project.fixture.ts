import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inBatches, openProjectDatabase, type NewRow, type ProjectDatabase } from '../database'
import type { CandidateFilm } from './candidates'

/** For tests and benches: a project that holds these films and their infants, without any file behind them. */
export async function makeProject(
  films: readonly CandidateFilm[]
): Promise<{ folder: string; database: ProjectDatabase }> {
  const folder = await mkdtemp(join(tmpdir(), 'neogate-splits-'))
  const database = await openProjectDatabase({ folder, mode: 'create', name: 'Test' })
  await addFilms(database, films)
  return { folder, database }
}

export async function addFilms(database: ProjectDatabase, films: readonly CandidateFilm[]): Promise<void> {
  const infants = new Map(films.map(({ patientId, site }) => [patientId, site]))
  const patients = [...infants].map(([id, site]) => ({ id, site, patient_key: id }))
  await database.kysely.transaction().execute(async db => {
    for (const batch of inBatches(patients)) {
      await db
        .insertInto('patient')
        .values(batch)
        .onConflict(conflict => conflict.doNothing())
        .execute()
    }
    for (const batch of inBatches(films)) await db.insertInto('film').values(batch.map(toRow)).execute()
  })
}

function toRow(film: CandidateFilm): NewRow<'film'> {
  return {
    id: film.id,
    patient_id: film.patientId,
    patient_key: film.patientId,
    site: film.site,
    root: '/films',
    path: `${film.id}.dcm`,
    fingerprint: film.fingerprint,
    byte_size: 1,
    modified_at: '2024-01-01T00:00:00.000Z',
    header_json: JSON.stringify({ sopInstanceUid: null }),
    added_at: '2024-01-01T00:00:00.000Z',
    film_number: 1,
    film_count: 1,
    context_state: film.contextState,
    ga_days: film.gaDays,
    bw_grams: film.bwGrams,
    missing: film.missing ? 1 : 0,
    label: film.label
  }
}

export async function removeProject(project: { folder: string; database: ProjectDatabase }): Promise<void> {
  await project.database.close().catch(() => {})
  await rm(project.folder, { recursive: true, force: true })
}
