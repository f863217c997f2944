import { basename } from 'node:path'
import type { Mapping } from '../../../contract'
import { walkFolder, type WalkOptions } from '../../study-folder'
import {
  foldValue,
  indexTable,
  openTable,
  readRow,
  tableRefused,
  type TableIndex,
  type TableMapping,
  type TableRow
} from '../../tables'

/** JSON files below a folder as the file system spells them. */
export async function listJsonFiles(root: string, options: WalkOptions): Promise<string[]> {
  const paths: string[] = []
  for await (const found of walkFolder(root, options)) {
    if (found.kind === 'file' && /\.json$/i.test(found.path)) paths.push(found.rawPath ?? found.path)
  }
  return paths
}

export interface ImportTable {
  name: string
  mapping: TableMapping
  rows: TableRow[]
  byLine: Map<number, TableRow>
  index: TableIndex
}

function foldKeys<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([value, meaning]) => [foldValue(value), meaning]))
}

/**
 * Reads the whole table by its mapping; only mapped values are kept.
 * @throws NeoGateError TABLE_REFUSED, 'missing-column' where the table lacks a mapped column; CANCELLED
 */
export async function readImportTable(
  source: { folder: string; table: string; mapping: Mapping },
  options: WalkOptions & { onProgress(done: number, total: number | null): void }
): Promise<ImportTable> {
  const { folder, table: path } = source
  const mapping: TableMapping = {
    ...source.mapping,
    labels: foldKeys(source.mapping.labels),
    sexes: foldKeys(source.mapping.sexes)
  }
  const table = await openTable(path, {
    signal: options.signal,
    listJsonFiles: root => listJsonFiles(root, options),
    onProgress: options.onProgress
  })
  const missing = new Set(Object.values(mapping.columns))
  table.header?.forEach(column => missing.delete(column))

  const rows: TableRow[] = []
  for await (const record of table.records()) {
    options.signal?.throwIfAborted()
    for (const column of record.cells.keys()) missing.delete(column)
    rows.push(readRow(record, mapping))
    if (rows.length % 1000 === 0 && table.format !== 'json-tree') options.onProgress(rows.length, null)
  }
  const [column] = missing
  if (column !== undefined) {
    throw tableRefused(
      path,
      'missing-column',
      `there is no column "${column}".`,
      'Bind the field to another column, or choose the table that this profile was made for.',
      column
    )
  }
  return {
    name: basename(path),
    mapping,
    rows,
    byLine: new Map(rows.map(row => [row.line, row])),
    index: indexTable(rows, mapping, folder, table.format === 'json-tree' ? path : null)
  }
}
