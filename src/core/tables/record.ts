import type { TableEncoding } from './text-encoding'
import type { RowProblem } from './row-reasons'

export type TableFormat = 'csv' | 'tsv' | 'json' | 'json-tree'

/** One row as read, before any mapping. */
export interface TableRecord {
  /** 1-based line on which the row begins; for JSON the 1-based place of the object, for a tree that of the file. */
  line: number
  cells: ReadonlyMap<string, string>
  /** What is wrong with the row as a whole, if anything. */
  problem: RowProblem | null
}

export interface OpenTable {
  format: TableFormat
  encoding: TableEncoding
  delimiter: string | null
  /** Column names of a delimited table, known before its rows; null where they only show in the rows. */
  header: string[] | null
  records(): AsyncIterable<TableRecord>
}

export interface OpenTableOptions {
  /** JSON files below a folder, as the file system spells them, in a stable order. */
  listJsonFiles(root: string): Promise<string[]>
  signal?: AbortSignal
  /** Label files of a JSON tree read so far, and how many there are. */
  onProgress?: (done: number, total: number) => void
  /** For tests; bytes. */
  sizeLimits?: { delimited: number; json: number }
}

/**
 * Columns that JSON tables have beside their own, since '@' begins no JSON name seen in the field: the place of a label
 * file below the tree's root, and the key of an object of objects.
 */
export const PATH_COLUMN = '@path'
export const KEY_COLUMN = '@key'
