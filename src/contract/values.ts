import { z } from 'zod'

/** The six classes in the order of every model's outputs. */
export const diagnosis = z.enum(['BPD', 'ALS', 'Atelectasis', 'Normal', 'RDS', 'TTN'])
export type Diagnosis = z.infer<typeof diagnosis>
export const DIAGNOSES = diagnosis.options

/** Gestational age in days, 22+0 to 44+6 weeks. */
export const gaDays = z.int().min(154).max(314)
/** Birth weight in grams. */
export const bwGrams = z.int().min(200).max(6500)
export const sex = z.enum(['M', 'F'])
export const certainty = z.enum(['sure', 'unsure'])

export const filmId = z.string().regex(/^[a-z2-7]{26}$/)
export const patientId = filmId
export const jobId = filmId
export const modelId = z.string().min(1)

/** Absolute path on the machine that runs the core. */
export const path = z.string().min(1)
/** ISO 8601 UTC with milliseconds. */
export const timestamp = z.iso.datetime()

/** Six probabilities in class order, each 0..1, summing to 1. */
export const probabilities = z.array(z.number()).length(6)
