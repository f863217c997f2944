import type { Diagnosis } from '../domain'
import { boundClasses } from './class-columns'
import { foldValue, isFormula, isMissing, quoteCell } from './cell'
import { CLASS_FIELDS, TABLE_FIELDS, type TableField, type TableMapping } from './mapping'
import type { TableRecord } from './record'
import type { RowProblem } from './row-reasons'
import { parseBirthWeight } from './values/birth-weight'
import { parseDateTime } from './values/date-time'
import { parseFlag } from './values/flag'
import { parseGestationalAge, parseWeeksAndExtraDays } from './values/gestational-age'
import { isRefused, type ParsedValue } from './values/parsed-value'
import type { Sex } from './values/sex'

/** Longer than any path or value; a longer cell is a sign of a broken quotation. */
const MAX_CELL = 4096

/** A row with its mapped values; null where the cell is empty, says 'unknown', or was refused (see problems). */
export interface TableRow {
  line: number
  imageKey: string | null
  patientKey: string | null
  site: string | null
  gaDays: number | null
  bwGrams: number | null
  sex: Sex | null
  birthTime: string | null
  filmTime: string | null
  label: Diagnosis | null
  viewPosition: string | null
  problems: RowProblem[]
  /** False where the row as a whole is refused. */
  usable: boolean
}

function refusedRow(line: number, problem: RowProblem): TableRow {
  return {
    line,
    imageKey: null,
    patientKey: null,
    site: null,
    gaDays: null,
    bwGrams: null,
    sex: null,
    birthTime: null,
    filmTime: null,
    label: null,
    viewPosition: null,
    problems: [problem],
    usable: false
  }
}

function suspiciousCell(record: TableRecord, mapping: TableMapping): RowProblem | null {
  for (const field of TABLE_FIELDS) {
    const column = mapping.columns[field]
    const cell = column === undefined ? undefined : record.cells.get(column)
    if (cell === undefined) continue
    if (isFormula(cell)) {
      return {
        reason: 'formula-cell',
        field: column!,
        detail: `${quoteCell(cell)} is a formula; formulas are not evaluated. Save the table with values only.`
      }
    }
    if (cell.length > MAX_CELL) {
      return { reason: 'cell-too-long', field: column!, detail: `The cell has ${cell.length} characters.` }
    }
  }
  return null
}

function parseLabel(cell: string, mapping: TableMapping): ParsedValue<Diagnosis> {
  const folded = foldValue(cell)
  const label = Object.hasOwn(mapping.labels, folded) ? mapping.labels[folded]! : null
  if (label) return { value: label }
  if (isMissing(cell)) return { value: null }
  return { reason: 'label-unknown', detail: `${quoteCell(cell)} is bound to no class.` }
}

function parseSex(cell: string, mapping: TableMapping): ParsedValue<Sex> {
  const folded = foldValue(cell)
  const sex = Object.hasOwn(mapping.sexes, folded) ? mapping.sexes[folded]! : null
  if (sex) return { value: sex }
  if (isMissing(cell)) return { value: null }
  return { reason: 'sex-unknown', detail: `${quoteCell(cell)} is bound to no sex.` }
}

/**
 * Reads a record by the mapping. A refused value leaves its field null and the rest of the row usable; a formula, a broken
 * row or a missing key refuses the row. Where both `ga` and `gaWeeks` are bound, `ga` counts; likewise `label` before the
 * columns of single classes.
 */
export function readRow(record: TableRecord, mapping: TableMapping): TableRow {
  const { line } = record
  const { columns } = mapping
  const fault = record.problem ?? suspiciousCell(record, mapping)
  if (fault) return refusedRow(line, fault)

  const problems: RowProblem[] = []
  const cell = (field: TableField) => {
    const column = columns[field]
    return column === undefined ? '' : (record.cells.get(column) ?? '')
  }
  const text = (field: TableField) => cell(field).normalize('NFC').trim() || null
  const take = <T>(field: TableField, parsed: ParsedValue<T>): T | null => {
    if (!isRefused(parsed)) return parsed.value
    problems.push({ ...parsed, field: columns[field] ?? null })
    return null
  }

  function readLabel(): Diagnosis | null {
    if (columns.label !== undefined) return take('label', parseLabel(cell('label'), mapping))
    const readable = problems.length
    const marked = boundClasses(mapping).filter(diagnosis => {
      const field = CLASS_FIELDS[diagnosis]
      return take(field, parseFlag(cell(field)))
    })
    if (marked.length > 1) {
      const field = marked.map(diagnosis => columns[CLASS_FIELDS[diagnosis]]).join(', ')
      problems.push({ reason: 'label-several', field, detail: 'Several classes are marked in one row.' })
    }
    return problems.length === readable ? (marked[0] ?? null) : null
  }

  const imageKey = text('imageKey')
  const patientKey = text('patientKey')
  if (columns.imageKey !== undefined ? imageKey === null : patientKey === null) {
    const field = columns.imageKey ?? columns.patientKey ?? null
    return refusedRow(line, { reason: 'key-missing', field, detail: 'The row names no film and no infant.' })
  }
  const gaDays =
    columns.ga !== undefined
      ? take('ga', parseGestationalAge(cell('ga'), mapping.gaUnit))
      : take('gaWeeks', parseWeeksAndExtraDays(cell('gaWeeks'), cell('gaExtraDays')))
  return {
    line,
    imageKey: columns.imageKey === undefined ? null : imageKey,
    patientKey,
    site: isMissing(cell('site')) ? null : text('site'),
    gaDays,
    bwGrams: take('bw', parseBirthWeight(cell('bw'), mapping.bwUnit)),
    sex: take('sex', parseSex(cell('sex'), mapping)),
    birthTime: take('birthTime', parseDateTime(cell('birthTime'))),
    filmTime: take('filmTime', parseDateTime(cell('filmTime'))),
    label: readLabel(),
    viewPosition: isMissing(cell('viewPosition')) ? null : text('viewPosition'),
    problems,
    usable: true
  }
}
