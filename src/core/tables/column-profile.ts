import { isMissing } from './cell'
import type { OpenTable } from './record'

/** Kept per column; the counts stay right up to here, which no field with named values reaches. */
const MAX_DISTINCT = 5000
const MAX_COLUMNS = 500
const MAX_SAMPLE = 2000
const MAX_EXAMPLES = 5
const EXAMPLE_LENGTH = 80

export interface ColumnProfile {
  name: string
  /** Up to five different values. */
  examples: string[]
  /** Different values, 5,000 at most. */
  distinct: Set<string>
  /** The first values that are not missing. */
  sample: string[]
}

/** Reads a table once. */
export async function profileColumns(
  table: OpenTable
): Promise<{ columns: ColumnProfile[]; rowCount: number }> {
  const columns = new Map<string, ColumnProfile>()
  const add = (name: string): ColumnProfile => {
    const column: ColumnProfile = { name, examples: [], distinct: new Set(), sample: [] }
    columns.set(name, column)
    return column
  }
  table.header?.slice(0, MAX_COLUMNS).forEach(add)
  let rowCount = 0
  for await (const { cells } of table.records()) {
    rowCount++
    for (const [name, cell] of cells) {
      const column = columns.get(name) ?? (columns.size < MAX_COLUMNS ? add(name) : null)
      const value = cell.trim()
      if (!column || value === '') continue
      if (column.sample.length < MAX_SAMPLE && !isMissing(value)) column.sample.push(value)
      if (column.distinct.size >= MAX_DISTINCT || column.distinct.has(value)) continue
      column.distinct.add(value)
      if (column.examples.length < MAX_EXAMPLES) column.examples.push(value.slice(0, EXAMPLE_LENGTH))
    }
  }
  return { columns: [...columns.values()], rowCount }
}
