import type { TableEntry } from '../../label-store'
import { boundClasses, CLASS_FIELDS, type RowProblem, type TableRow } from '../../tables'
import type { ImportTable } from './import-table'
import type { ReportItem } from './import-report'

type ContextField = 'gaDays' | 'bwGrams' | 'sex'
const CONTEXT_FIELDS = ['gaDays', 'bwGrams', 'sex'] as const satisfies ContextField[]

const FIELD_NAMES: Record<ContextField, string> = {
  gaDays: 'gestational age',
  bwGrams: 'birth weight',
  sex: 'sex'
}

export interface TableOutcome {
  /** One entry per labelled film and one per infant with a clinical context. */
  entries: TableEntry[]
  /** What the report says about rows. */
  items: ReportItem[]
}

function rowItem(row: TableRow, outcome: 'row-refused' | 'row-unmatched', problem: RowProblem): ReportItem {
  return {
    path: `table:${row.line}`,
    outcome,
    reason: problem.reason,
    detail: problem.detail,
    field: problem.field,
    line: row.line,
    filmId: null,
    patientId: null
  }
}

/** Lines whose key was given to several films, where one row can mean one film only. */
function ambiguousLines(table: ImportTable, films: readonly ReportItem[]): Map<number, string[]> {
  const places = new Map<number, string[]>()
  if (!table.index.byFilm) return places
  for (const { line, path } of films) {
    if (line !== null) places.set(line, [...(places.get(line) ?? []), path])
  }
  for (const [line, paths] of places) if (paths.length === 1) places.delete(line)
  return places
}

/** What the rows of one infant say of it together, or the fields on which they disagree. */
function mergeContexts(rows: readonly TableRow[]): {
  context: Pick<TableRow, ContextField>
  conflicting: ContextField[]
} {
  const context: Record<ContextField, unknown> = { gaDays: null, bwGrams: null, sex: null }
  const conflicting: ContextField[] = []
  for (const field of CONTEXT_FIELDS) {
    const values = new Set(rows.map(row => row[field]).filter(value => value !== null))
    if (values.size > 1) conflicting.push(field)
    else context[field] = [...values][0] ?? null
  }
  return { context: context as Pick<TableRow, ContextField>, conflicting }
}

/**
 * What a table sets, now that it is known which films there are. A row that fits several films labels none of them; rows
 * that disagree about one infant give it no clinical context; both are reported, as is every row without a film.
 * @param files file lines of the report
 */
export function tableEntries(table: ImportTable, files: readonly ReportItem[]): TableOutcome {
  const entries: TableEntry[] = []
  const items: ReportItem[] = []
  const films = files.filter(file => file.filmId !== null && file.outcome !== 'refused')
  const refusedLines = new Set(
    files.flatMap(file => (file.outcome === 'refused' && file.line ? [file.line] : []))
  )
  const ambiguous = ambiguousLines(table, films)
  const matched = new Set<number>()
  const infants = new Map<string, Map<number, TableRow>>()

  for (const film of films) {
    const row = film.line === null ? undefined : table.byLine.get(film.line)
    if (!row) continue
    matched.add(row.line)
    if (ambiguous.has(row.line)) continue
    if (row.label) entries.push({ filmId: film.filmId, patientId: null, line: row.line, label: row.label })
    const rows = infants.get(film.patientId!) ?? new Map<number, TableRow>()
    infants.set(film.patientId!, rows.set(row.line, row))
  }

  for (const [patientId, byLine] of infants) {
    const rows = [...byLine.values()]
    const { context, conflicting } = mergeContexts(rows)
    if (conflicting.length > 0) {
      const fields = conflicting.map(field => FIELD_NAMES[field]).join(' and ')
      for (const row of rows) {
        const others = rows.filter(
          other => other !== row && conflicting.some(field => other[field] !== row[field])
        )
        const lines = others.map(other => other.line)
        const detail = `The rows of this infant disagree on ${fields} (see line ${lines.slice(0, 3).join(', ')}); none is taken.`
        const field = conflicting.length === 1 ? columnOf(table, conflicting[0]!) : null
        items.push(rowItem(row, 'row-refused', { reason: 'conflicting-context', field, detail }))
      }
    } else if (CONTEXT_FIELDS.some(field => context[field] !== null)) {
      entries.push({ filmId: null, patientId, line: rows[0]!.line, ...context })
    }
  }

  const duplicateLines = new Set<number>()
  for (const { row, problem } of table.index.duplicates) {
    duplicateLines.add(row.line)
    items.push(rowItem(row, 'row-refused', problem))
  }
  const keyField = table.mapping.columns.imageKey ?? table.mapping.columns.patientKey ?? null
  for (const row of table.rows) {
    for (const problem of row.problems) items.push(rowItem(row, 'row-refused', problem))
    const places = ambiguous.get(row.line)
    if (places) {
      const named = places.slice(0, 3).join(', ') + (places.length > 3 ? ' ...' : '')
      const detail = `${places.length} films have this key (${named}); bind a column that names each film, such as its path.`
      items.push(rowItem(row, 'row-refused', { reason: 'key-ambiguous', field: keyField, detail }))
    } else if (row.usable && !matched.has(row.line) && !duplicateLines.has(row.line)) {
      const refused = refusedLines.has(row.line)
      const detail = refused
        ? 'The film of this row was refused.'
        : `The folder holds no film of this ${table.index.byFilm ? 'name' : 'infant'}.`
      items.push(
        rowItem(row, 'row-unmatched', {
          reason: refused ? 'film-refused' : 'no-film',
          field: keyField,
          detail
        })
      )
    }
  }
  items.sort((a, b) => a.line! - b.line!)
  return { entries, items }
}

/** The column in which a value was read. */
function columnOf(table: ImportTable, field: 'label' | ContextField): string | null {
  const { columns } = table.mapping
  switch (field) {
    case 'label':
      return (
        columns.label ??
        boundClasses(table.mapping)
          .map(each => columns[CLASS_FIELDS[each]])
          .join(', ')
      )
    case 'gaDays':
      return columns.ga ?? columns.gaWeeks ?? null
    case 'bwGrams':
      return columns.bw ?? null
    case 'sex':
      return columns.sex ?? null
  }
}

/** The report's line for a value that a reader has set since. */
export function keptItem(
  table: ImportTable,
  kept: { line: number; field: 'label' | ContextField }
): ReportItem {
  const row = table.byLine.get(kept.line)!
  const detail = 'A reader has set another value; the table does not override it.'
  return rowItem(row, 'row-refused', {
    reason: 'reader-value-kept',
    field: columnOf(table, kept.field),
    detail
  })
}
