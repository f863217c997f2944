import { DIAGNOSES, type Diagnosis } from '../domain'
import type { ColumnProfile } from './column-profile'
import { suggestDiagnosis } from './label-vocabulary'
import { CLASS_FIELDS, type TableMapping } from './mapping'
import { isRefused } from './values/parsed-value'
import { parseFlag } from './values/flag'

/** The Korean Neonatal Network's names that the vocabulary of labels does not have. */
const REGISTRY_NAMES: Readonly<Record<string, Diagnosis>> = { bpdyn: 'BPD', bpdm: 'BPD' }

/** Classes that have a yes-or-no column of their own. */
export function boundClasses(mapping: Pick<TableMapping, 'columns'>): Diagnosis[] {
  return DIAGNOSES.filter(diagnosis => mapping.columns[CLASS_FIELDS[diagnosis]] !== undefined)
}

/** Columns named like a class and filled with yes and no, where there are two classes of them at least. */
export function findClassColumns(columns: readonly ColumnProfile[]): TableMapping['columns'] {
  const found = new Map<Diagnosis, string>()
  for (const { name, sample } of columns) {
    const part = name.slice(name.lastIndexOf('.') + 1)
    const diagnosis = suggestDiagnosis(part) ?? REGISTRY_NAMES[part.toLowerCase()]
    const isFlag = sample.length > 0 && sample.every(value => !isRefused(parseFlag(value)))
    if (diagnosis && isFlag && !found.has(diagnosis)) found.set(diagnosis, name)
  }
  if (found.size < 2) return {}
  return Object.fromEntries([...found].map(([diagnosis, name]) => [CLASS_FIELDS[diagnosis], name]))
}
