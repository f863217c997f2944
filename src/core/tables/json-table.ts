import { flattenJson } from './flatten-json'
import { KEY_COLUMN, type OpenTable, type TableRecord } from './record'
import { tableRefused } from './table-error'
import type { TableEncoding } from './text-encoding'

type JsonObject = Record<string, unknown>

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

interface Entry {
  key: string | null
  value: unknown
}

const asEntries = (items: unknown[]): Entry[] => items.map(value => ({ key: null, value }))

/** An array of objects; an object with one such array ({ "data": [...] }); an object of objects; or one object. */
function findEntries(root: unknown): Entry[] | null {
  if (Array.isArray(root)) return root.some(isObject) ? asEntries(root) : null
  if (!isObject(root)) return null
  const lists = Object.values(root).filter(
    (value): value is unknown[] => Array.isArray(value) && value.some(isObject)
  )
  if (lists.length === 1) return asEntries(lists[0]!)
  if (lists.length > 1) return null
  const entries = Object.entries(root)
  if (entries.length > 0 && entries.every(([, value]) => isObject(value))) {
    return entries.map(([key, value]) => ({ key: key.normalize('NFC'), value }))
  }
  return entries.length > 0 ? [{ key: null, value: root }] : null
}

/** One JSON value per line, as logs and exports of databases have it; null where any line is not an object. */
function parseLines(text: string): unknown[] | null {
  const lines = text.split('\n').filter(line => line.trim() !== '')
  if (lines.length < 2) return null
  const values: unknown[] = []
  for (const line of lines) {
    try {
      const value: unknown = JSON.parse(line)
      if (!isObject(value)) return null
      values.push(value)
    } catch {
      return null
    }
  }
  return values
}

function parse(text: string, file: string): Entry[] {
  let root: unknown
  try {
    root = JSON.parse(text)
  } catch (thrown) {
    const lines = parseLines(text)
    if (lines) return asEntries(lines)
    throw tableRefused(
      file,
      'json-unreadable',
      `this is not JSON (${(thrown as Error).message.split('\n')[0]!.replace(/"[^"]*"/g, '...')}).`,
      'Export the table again, or save it as CSV.'
    )
  }
  const entries = findEntries(root)
  if (!entries) {
    throw tableRefused(
      file,
      'json-not-a-table',
      'the JSON holds no list of objects, or more than one.',
      'Choose a file with one array of objects, or save the table as CSV.'
    )
  }
  return entries
}

/**
 * A JSON or JSON Lines text as a table, nested objects flattened to dotted columns.
 * @throws NeoGateError TABLE_REFUSED: 'json-unreadable', 'json-not-a-table'
 */
export function openJsonTable(text: string, encoding: TableEncoding, file: string): OpenTable {
  const entries = parse(text, file)
  return {
    format: 'json',
    encoding,
    delimiter: null,
    header: null,
    async *records(): AsyncGenerator<TableRecord> {
      for (const [index, { key, value }] of entries.entries()) {
        const line = index + 1
        if (line % 2000 === 0) await new Promise(resolve => setImmediate(resolve))
        if (!isObject(value)) {
          const problem = {
            reason: 'json-unreadable',
            field: null,
            detail: 'This item of the list is not an object.'
          } as const
          yield { line, cells: new Map(), problem }
          continue
        }
        const cells = flattenJson(value)
        if (key !== null) cells.set(KEY_COLUMN, key)
        yield { line, cells, problem: null }
      }
    }
  }
}
