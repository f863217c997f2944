import { join } from 'node:path'
import {
  inBatches,
  projectContexts,
  type Connection,
  type ContextStateOf,
  type NewRow,
  type Row
} from '../database'
import { contentId } from '../foundation'
import { ageInHours } from './age'
import type { FilmRegistration, RegistrationOutcome } from './types'

type Patient = Row<'patient'>
/** What a registration decides of a film's row; the rest is kept. */
type FilmFacts = Omit<NewRow<'film'>, 'added_at' | 'film_number' | 'film_count' | 'context_state'>

/** Id of an infant: the same key at another site is another infant. */
export function patientIdOf(site: string, patientKey: string): string {
  return contentId('patient', site.normalize('NFC'), patientKey.normalize('NFC'))
}

/** Absolute path as the file system spells it. */
export function locate(film: { root: string; path: string; raw_path: string | null }): string {
  return join(film.root, film.raw_path ?? film.path)
}

/** Writes films and infants; call it inside a transaction. */
export async function register(
  db: Connection,
  films: readonly FilmRegistration[],
  addedAt: string,
  contextStateOf: ContextStateOf
): Promise<RegistrationOutcome[]> {
  const patients = await registerPatients(db, films)
  const stored = await storedFilms(
    db,
    films.map(film => film.id)
  )
  const touched = new Set<string>(patients.changed)
  const outcomes: RegistrationOutcome[] = []
  for (const film of films) {
    const patient = patients.all.get(patientIdOf(film.site, film.patientKey))!
    const facts = factsOf(film, patient)
    const old = stored.get(film.id)
    if (old && !differs(old, facts)) {
      outcomes.push('unchanged')
      continue
    }
    outcomes.push(old ? 'changed' : 'new')
    touched.add(patient.id)
    if (old) {
      touched.add(old.patient_id)
      await db.updateTable('film').set(facts).where('id', '=', film.id).execute()
    } else {
      const context = {
        gaDays: patient.ga_days,
        bwGrams: patient.bw_grams,
        sex: patient.sex,
        ageHours: facts.age_hours ?? null
      }
      await db
        .insertInto('film')
        .values({
          ...facts,
          added_at: addedAt,
          film_number: 1,
          film_count: 1,
          sex: patient.sex,
          ga_days: patient.ga_days,
          bw_grams: patient.bw_grams,
          context_state: contextStateOf(context)
        })
        .execute()
      stored.set(film.id, { ...facts, patient_id: patient.id } as Row<'film'>)
    }
  }
  await numberFilms(db, [...touched])
  await projectContexts(db, [...touched], contextStateOf)
  return outcomes
}

function factsOf(film: FilmRegistration, patient: Patient): FilmFacts {
  const named = {
    patientKey: film.patientKey.normalize('NFC'),
    site: film.site.normalize('NFC'),
    path: film.path.normalize('NFC')
  }
  return {
    id: film.id,
    patient_id: patient.id,
    patient_key: named.patientKey,
    site: named.site,
    root: film.root,
    path: named.path,
    raw_path: film.rawPath,
    fingerprint: film.fingerprint,
    byte_size: film.byteSize,
    modified_at: film.modifiedAt,
    header_json: JSON.stringify(film.header),
    film_time: film.filmTime,
    age_hours: ageInHours(patient.birth_time, film.filmTime),
    view_position: film.viewPosition,
    missing: 0
  }
}

function differs(old: Row<'film'>, facts: FilmFacts): boolean {
  return (Object.keys(facts) as (keyof FilmFacts)[]).some(key => old[key] !== facts[key])
}

async function storedFilms(db: Connection, ids: string[]): Promise<Map<string, Row<'film'>>> {
  const stored = new Map<string, Row<'film'>>()
  for (const batch of inBatches(ids)) {
    const rows = await db.selectFrom('film').selectAll().where('id', 'in', batch).execute()
    for (const row of rows) stored.set(row.id, row)
  }
  return stored
}

/** Adds infants that are new; completes those whose files now say more. A value that is there is not taken away. */
async function registerPatients(
  db: Connection,
  films: readonly FilmRegistration[]
): Promise<{ all: Map<string, Patient>; changed: string[] }> {
  const said = new Map<string, FilmRegistration>()
  for (const film of films) {
    const id = patientIdOf(film.site, film.patientKey)
    const earlier = said.get(id)
    said.set(id, {
      ...film,
      birthTime: film.birthTime ?? earlier?.birthTime ?? null,
      sex: film.sex ?? earlier?.sex ?? null
    })
  }
  const all = new Map<string, Patient>()
  for (const batch of inBatches([...said.keys()])) {
    const rows = await db.selectFrom('patient').selectAll().where('id', 'in', batch).execute()
    for (const row of rows) all.set(row.id, row)
  }
  const changed: string[] = []
  for (const [id, film] of said) {
    const old = all.get(id)
    if (!old) {
      const patient: Patient = {
        id,
        site: film.site.normalize('NFC'),
        patient_key: film.patientKey.normalize('NFC'),
        birth_time: film.birthTime,
        ga_days: null,
        bw_grams: null,
        sex: film.sex,
        file_sex: film.sex,
        ga_source: null,
        bw_source: null,
        sex_source: film.sex ? 'file' : null,
        revision: 0
      }
      await db.insertInto('patient').values(patient).execute()
      all.set(id, patient)
      continue
    }
    const birthTime = film.birthTime ?? old.birth_time
    const fileSex = film.sex ?? old.file_sex
    if (birthTime === old.birth_time && fileSex === old.file_sex) continue
    const sexFromFile = old.sex_source === null || old.sex_source === 'file'
    const patient: Patient = {
      ...old,
      birth_time: birthTime,
      file_sex: fileSex,
      sex: sexFromFile ? fileSex : old.sex,
      sex_source: sexFromFile && fileSex ? 'file' : old.sex_source
    }
    await db.updateTable('patient').set(patient).where('id', '=', id).execute()
    all.set(id, patient)
    changed.push(id)
  }
  await updateAges(db, changed, all)
  return { all, changed }
}

/** Brings the ages of films up to date whose infant's time of birth has changed. */
async function updateAges(
  db: Connection,
  patientIds: string[],
  patients: Map<string, Patient>
): Promise<void> {
  for (const batch of inBatches(patientIds)) {
    const films = await db
      .selectFrom('film')
      .select(['id', 'patient_id', 'film_time', 'age_hours'])
      .where('patient_id', 'in', batch)
      .execute()
    for (const film of films) {
      const age = ageInHours(patients.get(film.patient_id)!.birth_time, film.film_time)
      if (age === film.age_hours) continue
      await db.updateTable('film').set({ age_hours: age }).where('id', '=', film.id).execute()
    }
  }
}

/** Numbers the films of each infant in time order; films without a time come last. */
async function numberFilms(db: Connection, patientIds: string[]): Promise<void> {
  for (const batch of inBatches(patientIds)) {
    const films = await db
      .selectFrom('film')
      .select(['id', 'patient_id', 'film_number', 'film_count'])
      .where('patient_id', 'in', batch)
      .orderBy('patient_id')
      .orderBy('film_time', order => order.asc().nullsLast())
      .orderBy('id')
      .execute()
    const series = new Map<string, typeof films>()
    for (const film of films) {
      const known = series.get(film.patient_id)
      if (known) known.push(film)
      else series.set(film.patient_id, [film])
    }
    for (const ordered of series.values()) {
      for (const [index, film] of ordered.entries()) {
        if (film.film_number === index + 1 && film.film_count === ordered.length) continue
        await db
          .updateTable('film')
          .set({ film_number: index + 1, film_count: ordered.length })
          .where('id', '=', film.id)
          .execute()
      }
    }
  }
}
