import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Connection } from '../database'
import { inBatches } from '../database'
import { NeoGateError } from '../foundation'
import type { FilmRow } from './types'

/** Films read at a time when a project is opened. */
const PAGE = 1000

const COLUMNS = [
  'id',
  'patient_id as patientId',
  'patient_key as patientKey',
  'site',
  'path',
  'film_time as filmTime',
  'age_hours as ageHours',
  'view_position as viewPosition',
  'sex',
  'ga_days as gaDays',
  'bw_grams as bwGrams',
  'context_state as contextState',
  'label',
  'certainty',
  'label_reader as labelledBy',
  'label_source as labelSource',
  'tags',
  'tags_reader as taggedBy',
  'predicted',
  'confidence',
  'split_side as splitSide',
  'film_number as filmNumber',
  'film_count as filmCount',
  'missing'
] as const

/**
 * Reads films for the index, page by page, with a turn of the event loop between two pages: a large project being opened
 * does not hold up what else the process does.
 * @param ids null for all
 */
export async function* readFilmRows(
  db: Connection,
  ids: readonly string[] | null
): AsyncGenerator<FilmRow[]> {
  if (ids !== null) {
    for (const batch of inBatches(ids)) {
      const rows = await db.selectFrom('film').select(COLUMNS).where('id', 'in', batch).execute()
      yield rows.map(toFilmRow)
      await nextTurn()
    }
    return
  }
  for (let after = ''; ;) {
    const rows = await db
      .selectFrom('film')
      .select(COLUMNS)
      .where('id', '>', after)
      .orderBy('id')
      .limit(PAGE)
      .execute()
    yield rows.map(toFilmRow)
    if (rows.length < PAGE) return
    after = rows[rows.length - 1]!.id
    await nextTurn()
  }
}

type Columns = Omit<FilmRow, 'missing' | 'tags'> & { missing: number; tags: string | null }

/** Shared by all films without tags: most of them. */
const NO_TAGS: string[] = []

/** Field by field: rows come from the driver as dictionaries, and a spread copies those ten times slower. */
function toFilmRow(row: Columns): FilmRow {
  return {
    id: row.id,
    patientId: row.patientId,
    patientKey: row.patientKey,
    site: row.site,
    path: row.path,
    filmTime: row.filmTime,
    ageHours: row.ageHours,
    viewPosition: row.viewPosition,
    sex: row.sex,
    gaDays: row.gaDays,
    bwGrams: row.bwGrams,
    contextState: row.contextState,
    label: row.label,
    certainty: row.certainty,
    // Whoever took a label away is known to the history; a film without one is labelled by nobody.
    labelledBy: row.label === null ? null : row.labelledBy,
    labelSource: row.label === null ? null : row.labelSource,
    tags: row.tags?.split(' ') ?? NO_TAGS,
    taggedBy: row.tags === null ? null : row.taggedBy,
    predicted: row.predicted,
    confidence: row.confidence,
    splitSide: row.splitSide,
    filmNumber: row.filmNumber,
    filmCount: row.filmCount,
    missing: row.missing === 1
  }
}

/** The first films in the table's own order, from the database alone: what there is to see while the index is being read. */
export async function readFirstRows(
  db: Connection,
  limit: number
): Promise<{ total: number; rows: FilmRow[] }> {
  const rows = await db
    .selectFrom('film')
    .select(COLUMNS)
    .orderBy('patient_key')
    .orderBy('patient_id')
    .orderBy('film_time', order => order.asc().nullsLast())
    .orderBy('id')
    .limit(limit)
    .execute()
  const { total } = await db
    .selectFrom('film')
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  return { total: Number(total), rows: rows.map(toFilmRow) }
}

/** Ids of an infant's films in time order. */
export async function filmIdsOf(db: Connection, patientId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('film')
    .select('id')
    .where('patient_id', '=', patientId)
    .orderBy('film_time', order => order.asc().nullsLast())
    .orderBy('id')
    .execute()
  return rows.map(row => row.id)
}

export function filmNotFound(id: string): NeoGateError {
  return new NeoGateError('NOT_FOUND', `This project has no film ${id}.`, {
    field: 'filmId',
    remedy: 'Import the folder that holds it, or go back to Studies.'
  })
}
