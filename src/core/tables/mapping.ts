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
  'labelBPD',
  'labelALS',
  'labelAtelectasis',
  'labelNormal',
  'labelRDS',
  'labelTTN',
  'viewPosition'
] as const
export type TableField = (typeof TABLE_FIELDS)[number]

/** Where labels are spread over a yes-or-no column per class, as registries keep them: its field by class. */
export const CLASS_FIELDS = {
  BPD: 'labelBPD',
  ALS: 'labelALS',
  Atelectasis: 'labelAtelectasis',
  Normal: 'labelNormal',
  RDS: 'labelRDS',
  TTN: 'labelTTN'
} as const satisfies Record<Diagnosis, TableField>

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
