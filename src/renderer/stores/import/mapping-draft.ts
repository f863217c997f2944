import {
  DIAGNOSES,
  type Diagnosis,
  type Mapping,
  type TableField,
  type TableInspection
} from '../../../contract'

/** A yes-or-no column per class, in place of one label column. */
export const CLASS_FIELDS: readonly TableField[] = DIAGNOSES.map(diagnosis => `label${diagnosis}` as const)

/** Order in which the wizard asks for fields. */
export const FIELD_GROUPS: readonly {
  group: 'key' | 'context' | 'reading' | 'classes'
  fields: readonly TableField[]
}[] = [
  { group: 'key', fields: ['imageKey', 'patientKey', 'site'] },
  { group: 'context', fields: ['ga', 'gaWeeks', 'gaExtraDays', 'bw', 'sex', 'birthTime'] },
  { group: 'reading', fields: ['label', 'filmTime', 'viewPosition'] },
  { group: 'classes', fields: CLASS_FIELDS }
]

/** The form in which the core compares table values: NFC, trimmed, case-folded, white space runs as one space. */
export function foldValue(cell: string): string {
  return cell.normalize('NFC').trim().replace(/\s+/gu, ' ').toLowerCase()
}

/**
 * Binds a field to a column, or with null unbinds it. A column serves one field, so it is taken from the field that had
 * it; GA is read either as one column or as weeks with extra days, and the label as one column or as one per class, so binding
 * one way unbinds the other.
 */
export function bindColumn(mapping: Mapping, field: TableField, column: string | null): Mapping {
  const kept = Object.entries(mapping.columns).filter(
    ([bound, name]) => bound !== field && name !== column && !(column !== null && excludes(field, bound))
  )
  if (column !== null) kept.push([field, column])
  return { ...mapping, columns: Object.fromEntries(kept) }
}

/** Fields that are read from one column or from several, but not from both. */
const EITHER: Partial<Record<TableField, readonly string[]>> = {
  ga: ['gaWeeks', 'gaExtraDays'],
  label: CLASS_FIELDS
}

function excludes(field: TableField, other: string): boolean {
  return Object.entries(EITHER).some(([whole, parts]) =>
    field === whole ? parts.includes(other) : other === whole && parts.includes(field)
  )
}

/** A value that a column holds and the meaning given to it; null where it has none yet. */
export interface ValueMeaning<Meaning> {
  value: string
  meaning: Meaning | null
}

/** Values of the bound label column, those without a meaning first. */
export function labelMeanings(mapping: Mapping, inspection: TableInspection): ValueMeaning<Diagnosis>[] {
  return meanings('label', mapping, mapping.labels, inspection)
}

/** Values of the bound sex column, those without a meaning first. */
export function sexMeanings(mapping: Mapping, inspection: TableInspection): ValueMeaning<'M' | 'F'>[] {
  return meanings('sex', mapping, mapping.sexes, inspection)
}

function meanings<Meaning>(
  field: 'label' | 'sex',
  mapping: Mapping,
  given: Record<string, Meaning>,
  inspection: TableInspection
): ValueMeaning<Meaning>[] {
  const column = inspection.columns.find(each => each.name === mapping.columns[field])
  if (!column) return []
  const asSuggested = inspection.suggested.columns[field] === column.name
  const suggested = inspection.suggested[field === 'label' ? 'labels' : 'sexes']
  const asked = inspection.questions.filter(each => each.field === field && each.reason === 'value-unknown')
  const values = new Map<string, string>()
  for (const value of Object.keys(given)) values.set(foldValue(value), value)
  if (asSuggested) {
    for (const value of Object.keys(suggested)) values.set(foldValue(value), value)
    for (const question of asked) values.set(foldValue(question.detail), question.detail)
  }
  for (const example of column.examples) values.set(foldValue(example), example)
  values.delete('')
  return [...values]
    .map(([folded, value]) => ({ value, meaning: given[folded] ?? null }))
    .sort((a, b) => Number(a.meaning !== null) - Number(b.meaning !== null) || a.value.localeCompare(b.value))
}

/** Gives a label value its class, or with null takes it away: such rows keep their film and get no label. */
export function setLabelMeaning(mapping: Mapping, value: string, meaning: Diagnosis | null): Mapping {
  return { ...mapping, labels: withMeaning(mapping.labels, value, meaning) }
}

export function setSexMeaning(mapping: Mapping, value: string, meaning: 'M' | 'F' | null): Mapping {
  return { ...mapping, sexes: withMeaning(mapping.sexes, value, meaning) }
}

function withMeaning<Meaning>(given: Record<string, Meaning>, value: string, meaning: Meaning | null) {
  const rest = Object.fromEntries(Object.entries(given).filter(([key]) => key !== foldValue(value)))
  return meaning === null ? rest : { ...rest, [foldValue(value)]: meaning }
}

export type MappingQuestion = TableInspection['questions'][number]

/** Fields without which a study says little. */
const WANTED: readonly TableField[] = ['ga', 'bw', 'label']

/**
 * What is open under this mapping: doubts about a column as long as it is the one that was suggested, wanted fields
 * without a column, and for each field its values without a meaning.
 */
export function openQuestions(mapping: Mapping, inspection: TableInspection): MappingQuestion[] {
  const { columns } = mapping
  const suggested = inspection.suggested.columns
  const doubts = inspection.questions.filter(({ field, reason }) => {
    if (reason === 'value-unknown' || reason === 'no-column') return false
    return columns[field as TableField] === suggested[field as TableField]
  })
  const isBound = (field: string) => columns[field as TableField] !== undefined
  const inParts: Partial<Record<TableField, boolean>> = {
    ga: isBound('gaWeeks'),
    label: CLASS_FIELDS.some(isBound)
  }
  const lacking = WANTED.filter(field => !isBound(field) && !inParts[field])
  const unknown = Object.entries({
    label: labelMeanings(mapping, inspection),
    sex: sexMeanings(mapping, inspection)
  }).flatMap(([field, meanings]): MappingQuestion[] => {
    const values = meanings.filter(each => each.meaning === null).map(each => each.value)
    return values.length === 0 ? [] : [{ field, reason: 'value-unknown', detail: values.join(', ') }]
  })
  return [...doubts, ...lacking.map(field => ({ field, reason: 'no-column', detail: '' })), ...unknown]
}

export interface MappingProblem {
  kind: 'no-key' | 'nothing-to-read' | 'labels-without-class' | 'sexes-without-meaning'
  /** True where the table cannot be read as mapped; else it is only worth knowing. */
  blocks: boolean
  count: number
}

/** What stands in the way of a rehearsal, or should be known before it. */
export function mappingProblems(mapping: Mapping, inspection: TableInspection): MappingProblem[] {
  const { columns } = mapping
  const problems: MappingProblem[] = []
  if (!columns.imageKey && !columns.patientKey) problems.push({ kind: 'no-key', blocks: true, count: 0 })
  const read = Object.keys(columns).filter(field => field !== 'imageKey' && field !== 'patientKey')
  if (read.length === 0) problems.push({ kind: 'nothing-to-read', blocks: false, count: 0 })
  const labels = labelMeanings(mapping, inspection).filter(each => each.meaning === null).length
  if (labels > 0) problems.push({ kind: 'labels-without-class', blocks: false, count: labels })
  const sexes = sexMeanings(mapping, inspection).filter(each => each.meaning === null).length
  if (sexes > 0) problems.push({ kind: 'sexes-without-meaning', blocks: false, count: sexes })
  return problems
}

/** A saved mapping as far as this table has its columns, and the columns that it lacks. */
export function fitProfile(
  mapping: Mapping,
  inspection: TableInspection
): { mapping: Mapping; missing: string[] } {
  const present = new Set(inspection.columns.map(column => column.name))
  const bound = Object.entries(mapping.columns)
  return {
    mapping: { ...mapping, columns: Object.fromEntries(bound.filter(([, name]) => present.has(name))) },
    missing: bound.filter(([, name]) => !present.has(name)).map(([, name]) => name)
  }
}
