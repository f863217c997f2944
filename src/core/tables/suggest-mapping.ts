import type { Diagnosis } from '../domain'
import { foldValue, isMissing } from './cell'
import { boundClasses, findClassColumns } from './class-columns'
import { aliasScore } from './column-aliases'
import type { ColumnProfile } from './column-profile'
import type { FilmKeys } from './image-key'
import { inferBwUnit, inferGaUnit } from './infer-units'
import { suggestDiagnosis } from './label-vocabulary'
import { TABLE_FIELDS, type TableField, type TableMapping } from './mapping'
import { suggestImageKey } from './suggest-image-key'
import { knownSex, type Sex } from './values/sex'

/** Reasons of questions; the renderer has a sentence for each. */
export const QUESTION_REASONS = [
  /** No column names films or infants. */
  'no-key',
  /** Less than half of the rows name a film of the folder. */
  'key-rarely-matches',
  /** Several columns could be this field; the first was chosen. */
  'several-columns',
  'unit-ambiguous',
  'unit-mixed',
  /** A value of the label or sex column that is not known. */
  'value-unknown',
  /** The label column has too many values to be labels. */
  'too-many-values',
  'no-column'
] as const
export type QuestionReason = (typeof QUESTION_REASONS)[number]

export interface Question {
  field: TableField
  reason: QuestionReason
  detail: string
}

/** More different labels than this is free text. */
const MAX_LABELS = 200
const MAX_UNKNOWN_ASKED = 20

export interface Suggestion {
  mapping: TableMapping
  questions: Question[]
}

/** Binds columns by name, each to one field; whole names go before parts of names. */
function bindByName(
  columns: readonly ColumnProfile[],
  bound: TableMapping['columns'],
  questions: Question[]
): void {
  const taken = new Set(Object.values(bound))
  for (const field of TABLE_FIELDS) {
    if (field === 'imageKey') continue
    const free = columns.filter(column => !taken.has(column.name) && column.sample.length > 0)
    const whole = free.filter(column => aliasScore(field, column.name) === 2)
    const candidates = whole.length > 0 ? whole : free.filter(column => aliasScore(field, column.name) === 1)
    const [first] = candidates
    if (!first) continue
    bound[field] = first.name
    taken.add(first.name)
    if (candidates.length > 1) {
      questions.push({
        field,
        reason: 'several-columns',
        detail: candidates.map(column => column.name).join(', ')
      })
    }
  }
}

/** One way of writing GA is enough: a single column before weeks and days; weeks without days are a single column. */
function settleGestationalAge(bound: TableMapping['columns']): void {
  if (bound.ga === undefined && bound.gaWeeks !== undefined && bound.gaExtraDays === undefined)
    bound.ga = bound.gaWeeks
  if (bound.ga !== undefined) delete bound.gaWeeks
  if (bound.gaWeeks === undefined) delete bound.gaExtraDays
}

function askUnknown(questions: Question[], field: TableField, unknown: string[]): void {
  for (const detail of unknown.slice(0, MAX_UNKNOWN_ASKED))
    questions.push({ field, reason: 'value-unknown', detail })
}

function suggestLabels(column: ColumnProfile, questions: Question[]): Record<string, Diagnosis> {
  const labels: Record<string, Diagnosis> = {}
  if (column.distinct.size > MAX_LABELS) {
    questions.push({ field: 'label', reason: 'too-many-values', detail: String(column.distinct.size) })
    return labels
  }
  const unknown: string[] = []
  for (const value of column.distinct) {
    const diagnosis = suggestDiagnosis(value)
    if (diagnosis) labels[foldValue(value)] = diagnosis
    else if (!isMissing(value)) unknown.push(value)
  }
  askUnknown(questions, 'label', unknown)
  return labels
}

function suggestSexes(column: ColumnProfile, questions: Question[]): Record<string, Sex> {
  const zeroBased = column.distinct.has('0')
  const sexes: Record<string, Sex> = {}
  const unknown: string[] = []
  for (const value of [...column.distinct].slice(0, MAX_LABELS)) {
    const sex = knownSex(value, zeroBased)
    if (sex) sexes[foldValue(value)] = sex
    else if (!isMissing(value)) unknown.push(value)
  }
  askUnknown(questions, 'sex', unknown)
  return sexes
}

/**
 * A mapping for the user to confirm, and what it could not settle.
 * @param place films of the study folder for finding the image key; null where no folder is known
 */
export function suggestMapping(
  columns: readonly ColumnProfile[],
  place: { folder: string; films: FilmKeys[] } | null,
  treeRoot: string | null
): Suggestion {
  const questions: Question[] = []
  const image = suggestImageKey(columns, place?.films ?? null, place?.folder ?? null, treeRoot)
  const bound: TableMapping['columns'] = {}
  if (image.column !== null) bound.imageKey = image.column
  bindByName(columns, bound, questions)
  if (bound.label === undefined) Object.assign(bound, findClassColumns(columns))
  const hasLabels = bound.label !== undefined || boundClasses({ columns: bound }).length > 0
  settleGestationalAge(bound)
  const column = (field: TableField) => columns.find(candidate => candidate.name === bound[field])

  if (bound.imageKey === undefined && bound.patientKey === undefined) {
    questions.push({ field: 'imageKey', reason: 'no-key', detail: '' })
  } else if (image.column !== null && image.matched !== null && image.matched < 0.5) {
    const detail = `${image.column}: ${Math.round(image.matched * 100)} %`
    questions.push({ field: 'imageKey', reason: 'key-rarely-matches', detail })
  }
  if (bound.bw === undefined) questions.push({ field: 'bw', reason: 'no-column', detail: '' })
  if (!hasLabels) questions.push({ field: 'label', reason: 'no-column', detail: '' })
  if (bound.ga === undefined && bound.gaWeeks === undefined) {
    questions.push({ field: 'ga', reason: 'no-column', detail: '' })
  }

  const ga = inferGaUnit(column('ga')?.sample ?? [])
  if (ga.doubt) questions.push({ field: 'ga', ...ga.doubt })
  const bw = inferBwUnit(column('bw')?.sample ?? [])
  if (bw.doubt) questions.push({ field: 'bw', ...bw.doubt })
  const labelColumn = column('label')
  const sexColumn = column('sex')
  return {
    mapping: {
      columns: bound,
      imageKeyKind: image.kind,
      gaUnit: ga.unit,
      bwUnit: bw.unit,
      labels: labelColumn ? suggestLabels(labelColumn, questions) : {},
      sexes: sexColumn ? suggestSexes(sexColumn, questions) : {},
      defaultSite: null
    },
    questions
  }
}
