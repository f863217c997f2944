/** The six classes, always in this order: index i is output i of every model. */
export const DIAGNOSES = ['BPD', 'ALS', 'Atelectasis', 'Normal', 'RDS', 'TTN'] as const
export type Diagnosis = (typeof DIAGNOSES)[number]

export function isDiagnosis(value: unknown): value is Diagnosis {
  return DIAGNOSES.includes(value as Diagnosis)
}
