import type { Connection, Row } from '../database'
import { inBatches, repeated } from '../database'
import { NeoGateError } from '../foundation'
import { tagStateOf, type TagState } from './film-tags'
import type { Pace } from './pace'
import {
  contextStateOfPatient,
  filmColumnsOf,
  labelStateOf,
  patientColumnsOf,
  type ContextState,
  type LabelState
} from './states'

/** What the history speaks of, as the tables hold it now. */
export interface FilmSubject {
  id: string
  patientId: string
  state: LabelState
  revision: number
  tagState: TagState
}

export interface PatientSubject {
  id: string
  state: ContextState
  fileSex: 'M' | 'F' | null
  revision: number
}

/** @throws NeoGateError NOT_FOUND for an id that is not registered */
export async function readFilms(
  db: Connection,
  ids: readonly string[],
  pace?: Pace
): Promise<Map<string, FilmSubject>> {
  const films = new Map<string, FilmSubject>()
  for (const batch of inBatches([...new Set(ids)])) {
    const rows = await db
      .selectFrom('film')
      .select([
        'id',
        'patient_id',
        'label',
        'certainty',
        'comment',
        'label_reader',
        'label_source',
        'revision',
        'tags',
        'tags_reader',
        'tags_source'
      ])
      .where('id', 'in', batch)
      .execute()
    for (const row of rows) {
      films.set(row.id, {
        id: row.id,
        patientId: row.patient_id,
        state: labelStateOf(row),
        revision: row.revision,
        tagState: tagStateOf(row)
      })
    }
    await pace?.pass(batch.length)
  }
  requireAll(ids, films, 'film', 'filmId')
  return films
}

/** @throws NeoGateError NOT_FOUND for an id that is not registered */
export async function readPatients(
  db: Connection,
  ids: readonly string[]
): Promise<Map<string, PatientSubject>> {
  const patients = new Map<string, PatientSubject>()
  for (const batch of inBatches([...new Set(ids)])) {
    const rows = await db.selectFrom('patient').selectAll().where('id', 'in', batch).execute()
    for (const row of rows) patients.set(row.id, patientSubject(row))
  }
  requireAll(ids, patients, 'infant', 'patientId')
  return patients
}

function patientSubject(row: Row<'patient'>): PatientSubject {
  return { id: row.id, state: contextStateOfPatient(row), fileSex: row.file_sex, revision: row.revision }
}

function requireAll(ids: readonly string[], found: Map<string, unknown>, what: string, field: string): void {
  const absent = ids.find(id => !found.has(id))
  if (absent === undefined) return
  throw new NeoGateError('NOT_FOUND', `This project has no ${what} ${absent}.`, {
    field,
    remedy: 'Import the folder that holds it, or go back to Studies.'
  })
}

/** Labels of many films. @param labels each film's state and the entry that says so */
export async function writeLabels(
  db: Connection,
  labels: readonly { filmId: string; state: LabelState; revision: number }[],
  pace: Pace
): Promise<void> {
  const [first] = labels
  if (!first) return
  const valuesOf = ({ state, revision }: typeof first) => ({ ...filmColumnsOf(state), revision })
  const update = repeated(db, db.updateTable('film').set(valuesOf(first)).where('id', '=', first.filmId))
  for (const label of labels) {
    // Bound in the order of `set`, then the condition.
    await update([...Object.values(valuesOf(label)), label.filmId])
    await pace.pass(1)
  }
}

/** The infant's films are brought up to date by projectContexts, which the caller runs in the same transaction. */
export async function writeContext(
  db: Connection,
  patient: PatientSubject,
  state: ContextState,
  revision: number
): Promise<void> {
  await db
    .updateTable('patient')
    .set({ ...patientColumnsOf(state, patient.fileSex), revision })
    .where('id', '=', patient.id)
    .execute()
}
