import { TELLS_LABELS } from '../../../contract'
import type { BulkAction, BulkLeft, BulkLine, BulkPlan, Telling } from '../../../contract'
import { BW_RANGE_GRAMS, GA_RANGE_DAYS, type ClinicalContext, type Diagnosis } from '../../domain'
import { assessContext } from '../../growth'
import type { BulkChange } from '../../label-store'
import type { FilmRow } from '../../study-store'

/** Lines shown of what changes, and of what does not. */
const SHOWN = 100

export interface Plan {
  change: Pick<BulkChange, 'labels' | 'contexts'>
  summary: Omit<BulkPlan, 'seen'>
}

/** Whether one of these is hidden of a film from whoever asks. */
export type IsHidden = (row: FilmRow, what: Telling) => boolean

/**
 * What an action does to films: the changes to write, and what to show of them beforehand.
 * @param rows the chosen films, each once
 * @param isHidden such films are left as they are: what the plan says of them would tell
 */
export function planBulk(
  rows: readonly FilmRow[],
  action: BulkAction,
  isHidden: IsHidden = () => false
): Plan {
  const infants = byInfant(rows)
  const plan: Plan = {
    change: { labels: [], contexts: [] },
    summary: {
      films: rows.length,
      infants: infants.size,
      changes: 0,
      otherFilms: 0,
      doubtful: 0,
      left: [],
      changing: [],
      leaving: []
    }
  }
  switch (action.kind) {
    case 'label':
    case 'label-remove':
    case 'certainty':
      for (const row of rows)
        addLine(plan, isHidden(row, TELLS_LABELS) ? hiddenLine(row, 'label') : labelLine(plan, row, action))
      break
    default:
      for (const films of infants.values()) {
        const hidden = films.find(row => isHidden(row, ['context']))
        addLine(plan, hidden ? hiddenLine(hidden, 'clinical-context') : contextLine(plan, films, action))
      }
  }
  return plan
}

type LabelAction = Extract<BulkAction, { kind: 'label' | 'label-remove' | 'certainty' }>
type ContextAction = Exclude<BulkAction, LabelAction>

function byInfant(rows: readonly FilmRow[]): Map<string, FilmRow[]> {
  const infants = new Map<string, FilmRow[]>()
  for (const row of rows) {
    const films = infants.get(row.patientId)
    if (films) films.push(row)
    else infants.set(row.patientId, [row])
  }
  return infants
}

function addLine({ summary }: Plan, line: BulkLine): void {
  if (line.left === null) {
    summary.changes++
    if (summary.changing.length < SHOWN) summary.changing.push(line)
    return
  }
  const counted = summary.left.find(({ reason }) => reason === line.left)
  if (counted) counted.count++
  else summary.left.push({ reason: line.left, count: 1 })
  if (summary.leaving.length < SHOWN) summary.leaving.push(line)
}

function hiddenLine(row: FilmRow, kind: BulkLine['kind']): BulkLine {
  const { id, patientKey, site, filmNumber } = row
  return {
    kind,
    filmId: id,
    patientKey,
    site,
    filmNumber: kind === 'label' ? filmNumber : null,
    old: null,
    new: null,
    left: 'hidden',
    state: null
  }
}

function labelLine({ change }: Plan, row: FilmRow, action: LabelAction): BulkLine {
  const { diagnosis, left } = wantedLabel(row, action)
  const certainty = action.kind === 'certainty' ? action.certainty : 'sure'
  const value = diagnosis === null ? null : { diagnosis, certainty }
  if (left === null) change.labels.push({ filmId: row.id, value })
  return {
    kind: 'label',
    filmId: row.id,
    patientKey: row.patientKey,
    site: row.site,
    filmNumber: row.filmNumber,
    old: row.label === null ? null : { diagnosis: row.label, certainty: row.certainty },
    new: left === null ? value : null,
    left,
    state: null
  }
}

function wantedLabel(
  row: FilmRow,
  action: LabelAction
): { diagnosis: Diagnosis | null; left: BulkLeft | null } {
  const present = row.label as Diagnosis | null
  if (action.kind === 'label')
    return { diagnosis: action.diagnosis, left: present === action.diagnosis ? 'same' : null }
  if (present === null) return { diagnosis: null, left: 'unlabelled' }
  if (action.kind === 'label-remove') return { diagnosis: null, left: null }
  return { diagnosis: present, left: row.certainty === action.certainty ? 'same' : null }
}

function contextLine({ change, summary }: Plan, films: readonly FilmRow[], action: ContextAction): BulkLine {
  const [row] = films as [FilmRow]
  const old: ClinicalContext = { gaDays: row.gaDays, bwGrams: row.bwGrams, sex: row.sex }
  const ages = films.flatMap(({ ageHours }) => (ageHours === null ? [] : [ageHours]))
  // Where an age typed as GA would show most.
  const ageHours = ages.length > 0 ? Math.max(...ages) : null
  const wanted = wantedContext(old, ageHours, action)
  const value = typeof wanted === 'string' ? null : wanted
  const state = value && assessContext({ ...value, ageHours }).state
  if (value) {
    change.contexts.push({ patientId: row.patientId, value })
    summary.otherFilms += row.filmCount - films.length
    if (state === 'confirm' || state === 'blocked') summary.doubtful++
  }
  return {
    kind: 'clinical-context',
    filmId: row.id,
    patientKey: row.patientKey,
    site: row.site,
    filmNumber: null,
    old,
    new: value,
    left: typeof wanted === 'string' ? wanted : null,
    state
  }
}

function wantedContext(
  old: ClinicalContext,
  ageHours: number | null,
  action: ContextAction
): ClinicalContext | BulkLeft {
  const { gaDays, bwGrams, sex } = old
  switch (action.kind) {
    case 'sex':
      return sex === action.sex ? 'same' : { ...old, sex: action.sex }
    case 'bw-clear':
      return bwGrams === null ? 'no-bw' : { ...old, bwGrams: null }
    case 'ga-clear':
      return gaDays === null ? 'no-ga' : { ...old, gaDays: null }
    case 'bw-factor': {
      if (bwGrams === null) return 'no-bw'
      const grams = Math.round(bwGrams * action.factor)
      return isWithin(grams, BW_RANGE_GRAMS) ? { ...old, bwGrams: grams } : 'out-of-range'
    }
    case 'ga-shift': {
      if (gaDays === null) return 'no-ga'
      const days = gaDays + action.days
      if (action.days === 0) return 'same'
      return isWithin(days, GA_RANGE_DAYS) ? { ...old, gaDays: days } : 'out-of-range'
    }
    case 'suggested': {
      const { findings } = assessContext({ ...old, ageHours })
      const suggested = findings.find(({ suggestion }) => suggestion !== null)?.suggestion
      return suggested ? { ...suggested } : 'no-suggestion'
    }
  }
}

function isWithin(value: number, { low, high }: { low: number; high: number }): boolean {
  return value >= low && value <= high
}
