import Papa from 'papaparse'
import { tableRefused } from './table-error'
import type { OpenTable, TableRecord } from './record'
import type { TableEncoding } from './text-encoding'

const DELIMITERS = [',', '\t', ';', '|'] as const
/** Rows looked at to choose the delimiter, and rows parsed between two turns of the event loop. */
const SAMPLE_ROWS = 50
const SLICE_ROWS = 2000

const isBlank = (cells: string[]) => cells.every(cell => cell.trim() === '')

/** The delimiter that cuts most rows into as many cells as the first, and into most cells; ',' where none does. */
function detectDelimiter(text: string): string {
  let best: { delimiter: string; score: number } = { delimiter: ',', score: 0 }
  for (const delimiter of DELIMITERS) {
    const { data } = Papa.parse<string[]>(text, { delimiter, newline: '\n', preview: SAMPLE_ROWS })
    const rows = data.filter(cells => !isBlank(cells))
    const width = rows[0]?.length ?? 0
    if (width < 2) continue
    const alike = rows.filter(cells => cells.length === width).length / rows.length
    const score = alike + width / 1000
    if (score > best.score) best = { delimiter, score }
  }
  return best.delimiter
}

/** Trimmed, never empty and never twice. */
function columnNames(cells: string[]): string[] {
  const used = new Map<string, number>()
  return cells.map((cell, index) => {
    const name = cell.normalize('NFC').trim().replace(/\s+/g, ' ') || `column ${index + 1}`
    const count = (used.get(name) ?? 0) + 1
    used.set(name, count)
    return count === 1 ? name : `${name} (${count})`
  })
}

interface RawRow {
  line: number
  cells: string[]
  broken: boolean
}

/** Rows with the line on which each begins; gives way to other work between slices. */
async function* rawRows(text: string, delimiter: string): AsyncGenerator<RawRow> {
  let rest = text
  let line = 1
  while (rest.length > 0) {
    const { data, errors, meta } = Papa.parse<string[]>(rest, {
      delimiter,
      newline: '\n',
      preview: SLICE_ROWS,
      // Papa Parse's fast mode tells a cursor one row too far where a preview ends.
      fastMode: false
    })
    const broken = new Set(errors.filter(error => error.type === 'Quotes').map(error => error.row))
    for (const [index, cells] of data.entries()) {
      yield { line, cells, broken: broken.has(index) }
      line += 1
      for (const cell of cells) for (const character of cell) if (character === '\n') line++
    }
    if (!meta.truncated || meta.cursor <= 0) return
    rest = rest.slice(meta.cursor)
    await new Promise(resolve => setImmediate(resolve))
  }
}

function toRecord({ line, cells, broken }: RawRow, header: string[]): TableRecord {
  const values = new Map<string, string>()
  header.forEach((name, index) => {
    const cell = cells[index]
    if (cell !== undefined && cell !== '') values.set(name, cell)
  })
  if (broken) {
    return {
      line,
      cells: values,
      problem: {
        reason: 'row-quotes',
        field: null,
        detail: 'A quotation mark is not closed, or text follows it.'
      }
    }
  }
  const surplus = cells.slice(header.length).some(cell => cell.trim() !== '')
  if (cells.length < header.length || surplus) {
    return {
      line,
      cells: values,
      problem: {
        reason: 'row-ragged',
        field: null,
        detail: `The row has ${cells.length} cells, the header ${header.length}.`
      }
    }
  }
  return { line, cells: values, problem: null }
}

/**
 * CSV or TSV text (RFC 4180 quoting) whose first row that is not blank names the columns. Blank rows are passed over.
 * @param file named in errors only
 * @throws NeoGateError TABLE_REFUSED: 'no-header', 'no-rows'
 */
export async function openDelimitedTable(
  text: string,
  encoding: TableEncoding,
  file: string
): Promise<OpenTable> {
  const delimiter = detectDelimiter(text)
  let header: string[] | null = null
  let hasRows = false
  for await (const { cells } of rawRows(text, delimiter)) {
    if (isBlank(cells)) continue
    if (header) {
      hasRows = true
      break
    }
    header = columnNames(cells)
  }
  if (!header) {
    throw tableRefused(
      file,
      'no-header',
      'the table is empty.',
      'Choose a table whose first row names its columns.'
    )
  }
  if (!hasRows) {
    throw tableRefused(file, 'no-rows', 'the table has a header and no rows.', 'Choose a table with rows.')
  }
  const columns = header
  return {
    format: delimiter === '\t' ? 'tsv' : 'csv',
    encoding,
    delimiter,
    header: columns,
    async *records() {
      let atHeader = true
      for await (const row of rawRows(text, delimiter)) {
        if (isBlank(row.cells)) continue
        if (!atHeader) yield toRecord(row, columns)
        atHeader = false
      }
    }
  }
}
