import { readFile, stat } from 'node:fs/promises'
import { fromSystemError } from '../foundation'
import { openDelimitedTable } from './delimited-table'
import { openJsonTable } from './json-table'
import { openJsonTree } from './json-tree'
import type { OpenTable, OpenTableOptions } from './record'
import { tableRefused } from './table-error'
import { decodeTableText } from './text-encoding'

const MIB = 1024 ** 2
/** A table is held in memory once; 43,338 rows of 40 columns are about 15 MiB. */
const TABLE_SIZE_LIMITS = { delimited: 256 * MIB, json: 128 * MIB } as const

/**
 * Opens a CSV, TSV or JSON table, or a folder of one-object JSON label files. What a file is follows from its content,
 * not from its name.
 * @throws NeoGateError TABLE_REFUSED (see TableRefusal), NOT_FOUND, FILE_REFUSED, CANCELLED
 */
export async function openTable(path: string, options: OpenTableOptions): Promise<OpenTable> {
  const { sizeLimits = TABLE_SIZE_LIMITS } = options
  const facts = await stat(path).catch(error => {
    throw fromSystemError(error, path)
  })
  if (facts.isDirectory()) return openJsonTree(path, await options.listJsonFiles(path), options)
  if (facts.size > sizeLimits.delimited) throw tooLarge(path, facts.size, sizeLimits.delimited)
  const bytes = await readFile(path).catch(error => {
    throw fromSystemError(error, path)
  })
  const { text, encoding } = decodeTableText(bytes, path)
  if (!/^\s*[[{]/.test(text)) return openDelimitedTable(text, encoding, path)
  if (facts.size > sizeLimits.json) throw tooLarge(path, facts.size, sizeLimits.json)
  return openJsonTable(text, encoding, path)
}

function tooLarge(path: string, size: number, limit: number) {
  const mib = (bytes: number) => `${Math.round(bytes / MIB)} MiB`
  return tableRefused(
    path,
    'table-too-large',
    `the table has ${mib(size)}; up to ${mib(limit)} can be read.`,
    'Leave out columns that are not needed, or split the table.'
  )
}
