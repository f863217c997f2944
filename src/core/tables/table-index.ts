import { cellKey, filmKey, parallelKey, type FilmKeys } from './image-key'
import { PATH_COLUMN } from './record'
import type { TableMapping } from './mapping'
import type { TableRow } from './read-row'
import type { RowProblem } from './row-reasons'

/** Rows by the key that binds them to films or, without an image key, to infants. */
export interface TableIndex {
  /** True where rows name films, false where they name infants. */
  byFilm: boolean
  /** What a file is found by where that follows from its path alone; else null. */
  keyOfPath(path: string): string | null
  /**
   * The row of a film, if it has one: by image key, else by infant and site. Where film or row names no site, or the film's
   * site is none of the table's (hospitals are spelt differently in files and tables), the infant's key decides alone, if
   * only one row has it.
   */
  rowOf(film: FilmKeys, patientKey: string | null, site: string | null): TableRow | null
  /** Rows that name a film or infant already named by another row; at most one of each group stays usable. */
  duplicates: { row: TableRow; problem: RowProblem }[]
}

const VALUES = [
  'patientKey',
  'site',
  'gaDays',
  'bwGrams',
  'sex',
  'birthTime',
  'filmTime',
  'label',
  'viewPosition'
] as const satisfies readonly (keyof TableRow)[]

const foldKey = (key: string) => key.normalize('NFC').trim().toLowerCase()
const infantKey = (site: string | null, patientKey: string) =>
  `${foldKey(site ?? '')}\u001f${foldKey(patientKey)}`

/** True where both rows say the same, refused cells included. */
function agree(a: TableRow, b: TableRow): boolean {
  return a.problems.length === 0 && b.problems.length === 0 && VALUES.every(name => a[name] === b[name])
}

/**
 * @param folder absolute study folder
 * @param tableRoot absolute folder of the label files where the table is a JSON tree, else null
 */
export function indexTable(
  rows: readonly TableRow[],
  mapping: TableMapping,
  folder: string,
  tableRoot: string | null
): TableIndex {
  const byFilm = mapping.columns.imageKey !== undefined
  const parallel =
    tableRoot !== null && mapping.columns.imageKey === PATH_COLUMN && mapping.imageKeyKind === 'path'
  const groups = new Map<string, TableRow[]>()
  for (const row of rows) {
    if (!row.usable) continue
    const key = !byFilm
      ? infantKey(row.site, row.patientKey!)
      : parallel
        ? parallelKey(tableRoot, row.imageKey!)
        : cellKey(row.imageKey!, mapping.imageKeyKind, folder)
    const group = groups.get(key)
    if (group) group.push(row)
    else groups.set(key, [row])
  }

  const index = new Map<string, TableRow>()
  const byInfant = new Map<string, TableRow[]>()
  const duplicates: TableIndex['duplicates'] = []
  const field = mapping.columns.imageKey ?? mapping.columns.patientKey ?? null
  for (const [key, group] of groups) {
    const [first, ...others] = group
    const same = others.every(other => agree(first!, other))
    if (same) {
      index.set(key, first!)
      if (!byFilm) {
        const infant = foldKey(first!.patientKey!)
        byInfant.set(infant, [...(byInfant.get(infant) ?? []), first!])
      }
    }
    const lines = group.map(row => row.line)
    for (const row of same ? others : group) {
      const rest = lines.filter(line => line !== row.line)
      const named = rest.slice(0, 3).join(', ') + (rest.length > 3 ? ' ...' : '')
      const detail = same
        ? `Line ${first!.line} says the same of this ${byFilm ? 'film' : 'infant'}; that one is used.`
        : `Line ${named} says something else of the same ${byFilm ? 'film' : 'infant'}; none of them is used.`
      duplicates.push({ row, problem: { reason: 'duplicate-key', field, detail } })
    }
  }

  const sites = new Set(rows.flatMap(row => (row.usable && row.site !== null ? [foldKey(row.site)] : [])))
  const infantRow = (patientKey: string, site: string | null): TableRow | null => {
    const exact = index.get(infantKey(site, patientKey)) ?? index.get(infantKey(null, patientKey))
    if (exact || (site !== null && sites.has(foldKey(site)))) return exact ?? null
    const anywhere = byInfant.get(foldKey(patientKey)) ?? []
    return anywhere.length === 1 ? anywhere[0]! : null
  }

  return {
    duplicates,
    byFilm,
    keyOfPath(path) {
      if (!byFilm || mapping.imageKeyKind === 'sop-instance-uid') return null
      return parallel
        ? parallelKey(folder, path)
        : filmKey({ path, sopInstanceUid: null }, mapping.imageKeyKind)
    },
    rowOf(film, patientKey, site) {
      if (!byFilm) return patientKey === null ? null : infantRow(patientKey, site)
      const key = parallel ? parallelKey(folder, film.path) : filmKey(film, mapping.imageKeyKind)
      return key === null ? null : (index.get(key) ?? null)
    }
  }
}
