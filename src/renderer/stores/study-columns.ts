import type { StudyColumn, StudyColumnKey } from '../../contract'

/** Pixels: as a column comes, and the least that its values can be read in. Hidden ones are there to be chosen. */
export const COLUMN_WIDTHS: Record<StudyColumnKey, { width: number; least: number; hidden?: true }> = {
  film: { width: 44, least: 44 },
  patientKey: { width: 88, least: 56 },
  series: { width: 44, least: 40 },
  site: { width: 100, least: 48 },
  filmTime: { width: 132, least: 84 },
  ageHours: { width: 84, least: 56 },
  viewPosition: { width: 48, least: 40 },
  sex: { width: 40, least: 32 },
  gaDays: { width: 64, least: 48 },
  bwGrams: { width: 72, least: 56 },
  contextState: { width: 108, least: 40 },
  label: { width: 100, least: 64 },
  predicted: { width: 108, least: 64 },
  confidence: { width: 88, least: 48 },
  path: { width: 120, least: 64 },
  labelledBy: { width: 112, least: 56, hidden: true },
  splitSide: { width: 88, least: 56, hidden: true },
  tags: { width: 180, least: 64, hidden: true }
}
export const MOST_WIDTH = 1200

const KEYS = Object.keys(COLUMN_WIDTHS) as StudyColumnKey[]

/** Every column once: those of `saved` first, in their order and widths, then any that it does not know. */
export function inOrder(saved: readonly StudyColumn[] | null): StudyColumn[] {
  const kept = (saved ?? []).filter(({ key }, place, list) => list.findIndex(c => c.key === key) === place)
  const known = kept.filter(({ key }) => key in COLUMN_WIDTHS)
  const absent = KEYS.filter(key => !known.some(column => column.key === key))
  return [
    ...known.map(column => ({ ...column, width: clampWidth(column.key, column.width) })),
    ...absent.map(key => ({ key, shown: !COLUMN_WIDTHS[key].hidden, width: COLUMN_WIDTHS[key].width }))
  ]
}

export function clampWidth(key: StudyColumnKey, width: number): number {
  return Math.round(Math.min(MOST_WIDTH, Math.max(COLUMN_WIDTHS[key].least, width)))
}

export function resized(columns: readonly StudyColumn[], key: StudyColumnKey, width: number): StudyColumn[] {
  return columns.map(column => (column.key === key ? { ...column, width: clampWidth(key, width) } : column))
}

/** The column changes places with the nearest one of `shown` on that side; at the end it stays. */
export function moved(
  columns: readonly StudyColumn[],
  key: StudyColumnKey,
  by: -1 | 1,
  shown: readonly StudyColumn[] = columns.filter(column => column.shown)
): StudyColumn[] {
  const from = columns.findIndex(column => column.key === key)
  let to = from + by
  while (columns[to] && !shown.includes(columns[to]!)) to += by
  if (from < 0 || !columns[to]) return [...columns]
  const next = [...columns]
  const [column] = next.splice(from, 1)
  next.splice(to, 0, column!)
  return next
}
