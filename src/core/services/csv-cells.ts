/**
 * Cells of CSV files that people open in spreadsheets. A cell that begins with = + - @, a tab or a carriage return could
 * run as a formula there, so it is written with an apostrophe before it; so is one that begins with an apostrophe itself.
 * Reading takes one leading apostrophe away, which gives back exactly what was written. Numbers are never guarded.
 */
const GUARDED = /^[=+\-@\t\r']/

export function guardCell(text: string): string {
  return GUARDED.test(text) ? `'${text}` : text
}

export function unguardCell(cell: string): string {
  return cell.startsWith("'") ? cell.slice(1) : cell
}

/** One line by RFC 4180, without its end; null is an empty cell. */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return cells
    .map(cell => {
      const text = cell === null ? '' : typeof cell === 'number' ? String(cell) : guardCell(cell)
      return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
    })
    .join(',')
}
