const MISSING = new Set([
  '',
  '-',
  '--',
  '.',
  '?',
  'na',
  'n/a',
  'nan',
  'nil',
  'null',
  'none',
  'not available',
  'unknown',
  '미상',
  '결측',
  '없음',
  '모름'
])

/** True for the usual ways of writing that a value is not known. */
export function isMissing(cell: string): boolean {
  return MISSING.has(cell.trim().toLowerCase())
}

/** The form in which table values are compared: NFC, trimmed, case-folded, white space runs as one space. */
export function foldValue(cell: string): string {
  return cell.normalize('NFC').trim().toLowerCase().replace(/\s+/g, ' ')
}

/**
 * True where a spreadsheet would run the cell as a formula: it starts with '=', '@', a tab or a carriage return, or with
 * a sign that no number follows ('+cmd|...'). Signed numbers and a lone '-' are values.
 */
export function isFormula(cell: string): boolean {
  if (/^[\t\r]/.test(cell)) return true
  const text = cell.trimStart()
  return (
    /^[=@＝＠]/.test(text) ||
    (/^[+\-＋－]/.test(text) && !/^[+-]\s*[\d.,]+\s*$/.test(text) && !isMissing(text))
  )
}

/** A cell as it may be quoted in a report: one line, 40 characters at most. */
export function quoteCell(cell: string): string {
  const text = cell.trim().replace(/\s+/g, ' ')
  return `"${text.length > 40 ? `${text.slice(0, 39)}…` : text}"`
}
