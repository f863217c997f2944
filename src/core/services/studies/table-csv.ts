import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ExportColumn, FilmRow } from '../../../contract'
import { csvLine } from '../csv-cells'
import { NOTICE } from '../label-exchange'

/** Lines between two turns of the event loop. */
const AT_ONCE = 2000

/**
 * Films as CSV: id, the columns asked for, the notice on every line. UTF-8 with a byte order mark, so that spreadsheets read Korean
 * right; cells guarded as csv-cells says.
 */
export async function tableCsv(
  rowsOf: (ids: string[]) => Promise<(Row & Pick<FilmRow, 'id'>)[]>,
  ids: string[],
  columns: readonly ExportColumn[]
): Promise<string> {
  const lines = [csvLine(['filmId', ...columns, 'notice'])]
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    for (const row of await rowsOf(ids.slice(from, from + AT_ONCE)))
      lines.push(csvLine([row.id, ...columns.map(column => cellOf(row, column)), noticeOf(row)]))
    await nextTurn()
  }
  return `\ufeff${lines.join('\r\n')}\r\n`
}

type Row = Pick<FilmRow, ExportColumn | 'hidden'>

/** What is hidden from whoever exports is empty, as what is not known is; the notice says so. */
const noticeOf = ({ hidden }: Row) =>
  hidden ? `${NOTICE} Values hidden from a blinded reader are left out: ${hidden.join(', ')}.` : NOTICE

function cellOf(row: Row, column: ExportColumn): string | number | null {
  if (column === 'contextState' && row.hidden?.includes('context')) return null
  const value = row[column]
  if (Array.isArray(value)) return value.length > 0 ? value.join('; ') : null
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : value
}
