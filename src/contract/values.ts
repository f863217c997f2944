import { z } from 'zod'
import { BW_GRAMS, DIAGNOSES, GA_DAYS } from './constants'

export const diagnosis = z.enum(DIAGNOSES)

/** Gestational age in days, 22+0 to 44+6 weeks. */
export const gaDays = z.int().min(GA_DAYS.min).max(GA_DAYS.max)
/** Birth weight in grams. */
export const bwGrams = z.int().min(BW_GRAMS.min).max(BW_GRAMS.max)
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
