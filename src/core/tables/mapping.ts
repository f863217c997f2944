import type { Diagnosis } from '../domain'
import type { BwUnit } from './values/birth-weight'
import type { GaUnit } from './values/gestational-age'
import type { Sex } from './values/sex'

/** Fields that a column can be bound to; the contract's tableField. */
export const TABLE_FIELDS = [
  'imageKey',
  'patientKey',
  'site',
  'ga',
  'gaWeeks',
  'gaExtraDays',
  'bw',
  'sex',
  'birthTime',
  'filmTime',
  'label',
  'viewPosition'
] as const
export type TableField = (typeof TABLE_FIELDS)[number]

export type ImageKeyKind = 'path' | 'name' | 'stem' | 'sop-instance-uid'

/** How a table is read; the contract's mapping. `labels` and `sexes` are keyed by foldValue of the cell. */
export interface TableMapping {
  columns: Partial<Record<TableField, string>>
  imageKeyKind: ImageKeyKind
  gaUnit: GaUnit
  bwUnit: BwUnit
  labels: Record<string, Diagnosis>
  sexes: Record<string, Sex>
  defaultSite: string | null
}
