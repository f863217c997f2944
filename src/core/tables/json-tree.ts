import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { NeoGateError, toError } from '../foundation'
import { flattenJson } from './flatten-json'
import { PATH_COLUMN, type OpenTable, type OpenTableOptions, type TableRecord } from './record'
import { tableRefused } from './table-error'
import { decodeTableText } from './text-encoding'

/** Label files are kilobytes; one with masks in it may be a megabyte. */
const MAX_LABEL_BYTES = 8 * 1024 ** 2
const READ_AT_ONCE = 16

async function readLabelFile(root: string, path: string, line: number): Promise<TableRecord> {
  const cells = new Map<string, string>()
  try {
    const file = join(root, path)
    const { size } = await stat(file)
    if (size > MAX_LABEL_BYTES) throw new Error(`it has ${size} bytes; up to ${MAX_LABEL_BYTES} are read`)
    const value: unknown = JSON.parse(decodeTableText(await readFile(file), file).text)
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new Error('it holds no JSON object')
    for (const [name, cell] of flattenJson(value)) cells.set(name, cell)
    cells.set(PATH_COLUMN, path.normalize('NFC'))
    return { line, cells, problem: null }
  } catch (thrown) {
    cells.set(PATH_COLUMN, path.normalize('NFC'))
    const why = toError(thrown) instanceof SyntaxError ? 'it is not JSON' : toError(thrown).message
    return {
      line,
      cells,
      problem: { reason: 'json-unreadable', field: null, detail: `The label file could not be read: ${why}.` }
    }
  }
}

/**
 * A folder of JSON files, each one object and one row, bound to the images by their place (see pairingKey) or by a value.
 * @param paths the label files below the root, as the file system spells them
 * @throws NeoGateError TABLE_REFUSED 'no-rows', CANCELLED
 */
export function openJsonTree(root: string, paths: string[], options: OpenTableOptions): OpenTable {
  const { signal, onProgress } = options
  if (paths.length === 0) {
    throw tableRefused(
      root,
      'no-rows',
      'the folder holds no JSON file.',
      'Choose the folder that holds the label files.'
    )
  }
  return {
    format: 'json-tree',
    encoding: 'utf-8',
    delimiter: null,
    header: null,
    async *records() {
      for (let start = 0; start < paths.length; start += READ_AT_ONCE) {
        if (signal?.aborted) throw new NeoGateError('CANCELLED', 'Reading the label files was cancelled.')
        const batch = paths.slice(start, start + READ_AT_ONCE)
        yield* await Promise.all(batch.map((path, index) => readLabelFile(root, path, start + index + 1)))
        onProgress?.(start + batch.length, paths.length)
      }
    }
  }
}
