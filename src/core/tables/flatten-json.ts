/** Bounds on one JSON object as a row: annotations may hold polygons of thousands of points, which no column is for. */
const MAX_CELLS = 500
const MAX_DEPTH = 12
const MAX_ARRAY = 16

/**
 * A JSON object as cells with dotted names: { a: { b: 1, c: [2] } } gives a.b = '1', a.c.0 = '2'. null, empty and boolean
 * values become '', '' and 'true' | 'false'. Arrays longer than 16 and everything after 500 cells is left out.
 */
export function flattenJson(object: object): Map<string, string> {
  const cells = new Map<string, string>()
  const visit = (value: unknown, name: string, depth: number): void => {
    if (cells.size >= MAX_CELLS || depth > MAX_DEPTH) return
    if (Array.isArray(value)) {
      if (value.length <= MAX_ARRAY)
        value.forEach((item, index) => visit(item, `${name}.${index}`, depth + 1))
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) {
        visit(item, name === '' ? key.normalize('NFC') : `${name}.${key.normalize('NFC')}`, depth + 1)
      }
    } else if (value !== null && value !== undefined && value !== '') cells.set(name, String(value))
  }
  visit(object, '', 0)
  return cells
}
