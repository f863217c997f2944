import { readFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { z } from 'zod'
import { bwGrams, certainty, diagnosis, filmTags, gaDays, inTagOrder, isDeviceTag, sex } from '../../contract'
import { fromSystemError, NeoGateError } from '../foundation'
import type { TableEntry } from '../label-store'
import type { FilmRow } from '../study-store'
import { openTable } from '../tables'
import { writeFileAtomically } from './atomic-file'
import type { ProjectSession } from './core-context'
import { csvLine, unguardCell } from './csv-cells'

export const NOTICE = 'Research use only. Not for diagnosis.'

/** In the order in which the CSV has them; every line carries the notice, so that the header stays the first line. */
const COLUMNS = [
  'filmId',
  'patientKey',
  'site',
  'path',
  'filmTime',
  'label',
  'certainty',
  'comment',
  'labelledBy',
  'findings',
  'devices',
  'taggedBy',
  'gaDays',
  'bwGrams',
  'sex',
  'notice'
] as const
type Column = (typeof COLUMNS)[number]
type ExportRow = Record<Column, string | number | null>

/** Between two tags of one cell. */
const BETWEEN = '; '

/**
 * Writes every film's label and tags and its infant's clinical context. CSV: UTF-8 with a byte order mark (spreadsheets then read
 * Korean right), cells guarded against formulas as csv-cells says. JSON: `notice`, project, head of the history, films.
 * @throws NeoGateError DISK_FULL, FILE_REFUSED, NOT_FOUND
 */
export async function exportLabels(
  session: ProjectSession,
  request: { out: string; format: 'csv' | 'json' },
  exportedAt: string
): Promise<{ out: string; rows: number }> {
  const out = resolve(request.out)
  const rows = await exportRows(session)
  if (request.format === 'csv') {
    const lines = [csvLine(COLUMNS), ...rows.map(row => csvLine(COLUMNS.map(column => row[column])))]
    await writeFileAtomically(out, `\ufeff${lines.join('\r\n')}\r\n`)
  } else {
    const { name } = session.database.facts
    const content = {
      notice: NOTICE,
      format: 'neogate-labels/1',
      project: name,
      exportedAt,
      history: await session.labels.seal(),
      films: rows.map(({ notice: _notice, ...film }) => film)
    }
    await writeFileAtomically(out, `${JSON.stringify(content, null, 2)}\n`)
  }
  return { out, rows: rows.length }
}

async function exportRows({ studies, database }: ProjectSession): Promise<ExportRow[]> {
  const everything = {
    filter: { text: '', facets: {} },
    sort: { key: 'patientKey', direction: 'ascending' }
  } as const
  const films = await studies.rows(await studies.ids(everything))
  const commented = await database.kysely
    .selectFrom('film')
    .select(['id', 'comment'])
    .where('comment', 'is not', null)
    .execute()
  const comments = new Map(commented.map(({ id, comment }) => [id, comment]))
  return films.map((film: FilmRow) => ({
    filmId: film.id,
    patientKey: film.patientKey,
    site: film.site,
    path: film.path,
    filmTime: film.filmTime,
    label: film.label,
    certainty: film.certainty,
    comment: comments.get(film.id) ?? null,
    labelledBy: film.labelledBy,
    findings: joined(film.tags.filter(tag => !isDeviceTag(tag))),
    devices: joined(film.tags.filter(isDeviceTag)),
    taggedBy: film.taggedBy,
    gaDays: film.gaDays,
    bwGrams: film.bwGrams,
    sex: film.sex,
    notice: NOTICE
  }))
}

function joined(tags: readonly string[]): string | null {
  return tags.length > 0 ? tags.join(BETWEEN) : null
}

export interface LabelImport {
  applied: number
  unchanged: number
  refused: { line: number; reason: string; detail: string }[]
}

/** One row of a file to import; only filmId must be there, what is empty is left as it is. */
interface ImportRow {
  line: number
  cells: Partial<Record<Column, string>>
  /** Why the row cannot be read, such as a cell that was lost: then none of its cells can be trusted to stand in its column. */
  problem: string | null
}

const READ_COLUMNS = [
  'label',
  'certainty',
  'comment',
  'findings',
  'devices',
  'gaDays',
  'bwGrams',
  'sex'
] as const

/**
 * Takes in a file that exportLabels wrote. A value that a reader of this project has set stays and is reported
 * ('set-by-reader'), as are rows that cannot be read ('row-broken') or name no film of this project ('unknown-film') and values that
 * cannot be ('not-valid'); the rest is applied in one transaction.
 * @throws NeoGateError TABLE_REFUSED, NOT_FOUND, FILE_REFUSED
 */
export async function importLabels(session: ProjectSession, path: string): Promise<LabelImport> {
  const file = resolve(path)
  const rows = /\.json$/i.test(file) ? await readJson(file) : await readCsv(file)
  const ids = rows.flatMap(row => (row.cells.filmId ? [row.cells.filmId] : []))
  const known = await session.studies.locations(ids)
  const films = new Map(
    (await session.studies.rows([...known.keys()])).map(film => [film.id, film.patientId])
  )
  const refused: LabelImport['refused'] = []
  const entries: TableEntry[] = []
  for (const row of rows) {
    if (row.problem !== null) {
      refused.push({ line: row.line, reason: 'row-broken', detail: row.problem })
      continue
    }
    const filmId = row.cells.filmId ?? ''
    const patientId = films.get(filmId)
    if (patientId === undefined) {
      refused.push({ line: row.line, reason: 'unknown-film', detail: `No film ${filmId} in this project.` })
      continue
    }
    const entry = toEntry(row, filmId, patientId)
    if ('reason' in entry) refused.push(entry)
    else entries.push(entry)
  }
  const outcome = await session.labels.applyTable({ name: basename(file), entries })
  for (const { line, field, because } of outcome.kept) {
    refused.push(
      because === 'reader'
        ? { line, reason: 'set-by-reader', detail: `${field} was set by a reader here and stays.` }
        : { line, reason: 'contradicts-earlier-row', detail: `An earlier row gives another ${field}.` }
    )
  }
  const changed = new Set(outcome.filmIds)
  for (const patientId of outcome.patientIds) {
    for (const id of await session.studies.filmsOf(patientId)) changed.add(id)
  }
  if (changed.size > 0) session.changes.publish(['labels', 'clinical-context', 'films'], [...changed])
  refused.sort((a, b) => a.line - b.line)
  return { applied: outcome.applied, unchanged: outcome.unchanged, refused }
}

const tagCell = z
  .string()
  .transform(cell => cell.split(';').flatMap(tag => tag.trim() || []))
  .pipe(filmTags)

const FIELDS = {
  label: diagnosis,
  certainty,
  comment: z.string().max(4000),
  findings: tagCell,
  devices: tagCell,
  gaDays: z.coerce.number().pipe(gaDays),
  bwGrams: z.coerce.number().pipe(bwGrams),
  sex
} as const satisfies Record<(typeof READ_COLUMNS)[number], z.ZodType>

function toEntry(
  { line, cells }: ImportRow,
  filmId: string,
  patientId: string
): TableEntry | LabelImport['refused'][number] {
  const values: Record<string, unknown> = {}
  for (const column of READ_COLUMNS) {
    const cell = cells[column]
    if (cell === undefined || cell === '') continue
    const parsed = FIELDS[column].safeParse(cell)
    if (!parsed.success) {
      return {
        line,
        reason: 'not-valid',
        detail: `${column}: ${parsed.error.issues[0]?.message ?? 'not valid'}`
      }
    }
    values[column] = parsed.data
  }
  const { findings, devices, ...others } = values as { findings?: string[]; devices?: string[] }
  // Findings and devices are one value: where a row has either, it has all that there is.
  const tags = findings || devices ? { tags: inTagOrder([...(findings ?? []), ...(devices ?? [])]) } : {}
  return { filmId, patientId, line, ...others, ...tags }
}

async function readCsv(file: string): Promise<ImportRow[]> {
  const table = await openTable(file, { listJsonFiles: () => Promise.resolve([]) })
  if (table.header && !table.header.includes('filmId')) throw notAnExport(file)
  const rows: ImportRow[] = []
  for await (const record of table.records()) {
    const cells: ImportRow['cells'] = {}
    for (const column of COLUMNS) {
      const cell = record.cells.get(column)
      if (cell !== undefined) cells[column] = unguardCell(cell)
    }
    rows.push({ line: record.line, cells, problem: record.problem?.detail ?? null })
  }
  return rows
}

const jsonExport = z.object({
  films: z.array(z.record(z.string(), z.union([z.string(), z.number(), z.null()])))
})

async function readJson(file: string): Promise<ImportRow[]> {
  const text = await readFile(file, 'utf8').catch(error => {
    throw fromSystemError(error, file)
  })
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    throw notAnExport(file)
  }
  const parsed = jsonExport.safeParse(content)
  if (!parsed.success) throw notAnExport(file)
  return parsed.data.films.map((film, index) => ({
    line: index + 1,
    problem: null,
    cells: Object.fromEntries(
      COLUMNS.flatMap(column => {
        const value = film[column]
        return value === undefined || value === null ? [] : [[column, String(value)]]
      })
    )
  }))
}

function notAnExport(file: string): NeoGateError {
  return new NeoGateError('TABLE_REFUSED', `${file} is not a label file that NeoGate exported.`, {
    file,
    field: 'filmId',
    reason: 'missing-column',
    remedy: "Use 'labels export' to make one; for other tables use import with a mapping."
  })
}
