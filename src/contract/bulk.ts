import { z } from 'zod'
import { procedure } from './base'
import { contextState } from './films'
import { certainty, diagnosis, filmId, sex } from './values'

/**
 * What is done to many films at once. Corrections are of infants: they hold for all films of an infant, chosen or not.
 * label: sets the class, sure, and keeps the comment; bw-factor: a digit too few or too many; ga-shift: weeks counted wrongly;
 * suggested: what the plausibility check suggests.
 */
export const bulkAction = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('label'), diagnosis }),
  z.object({ kind: z.literal('label-remove') }),
  z.object({ kind: z.literal('certainty'), certainty }),
  z.object({ kind: z.literal('sex'), sex: sex.nullable() }),
  z.object({ kind: z.literal('bw-factor'), factor: z.union([z.literal(10), z.literal(0.1)]) }),
  z.object({ kind: z.literal('bw-clear') }),
  z.object({ kind: z.literal('ga-shift'), days: z.int().min(-140).max(140) }),
  z.object({ kind: z.literal('ga-clear') }),
  z.object({ kind: z.literal('suggested') })
])
export type BulkAction = z.infer<typeof bulkAction>

/** Why a film or an infant is left as it is; hidden: an open protocol hides what would change from this reader. */
export const bulkLeft = z.enum([
  'same',
  'unlabelled',
  'no-ga',
  'no-bw',
  'out-of-range',
  'no-suggestion',
  'hidden'
])
export type BulkLeft = z.infer<typeof bulkLeft>

/** One film whose label, or one infant whose values, would change or would not. */
export const bulkLine = z.object({
  kind: z.enum(['label', 'clinical-context']),
  /** Of an infant, the first of the chosen films. */
  filmId,
  patientKey: z.string(),
  site: z.string(),
  /** Of a film: its number among the infant's. */
  filmNumber: z.int().nullable(),
  /** As in a revision. */
  old: z.unknown(),
  new: z.unknown(),
  left: bulkLeft.nullable(),
  /** What the plausibility check would say then. */
  state: contextState.nullable()
})
export type BulkLine = z.infer<typeof bulkLine>

export const bulkPlan = z.object({
  films: z.int(),
  infants: z.int(),
  /** Entries that the history would gain: films for labels, infants for corrections. */
  changes: z.int(),
  /** Films of corrected infants that were not chosen. */
  otherFilms: z.int(),
  /** Corrected infants whose values would then be held implausible or would need confirming. */
  doubtful: z.int(),
  left: z.array(z.object({ reason: bulkLeft, count: z.int() })),
  /** The first of those that change and of those that do not. */
  changing: z.array(bulkLine),
  leaving: z.array(bulkLine),
  /** Newest entry of the history that the plan is made from; sent back to carry it out. */
  seen: z.int()
})
export type BulkPlan = z.infer<typeof bulkPlan>

const chosen = z.object({ filmIds: z.array(filmId).min(1), action: bulkAction })

export const bulk = {
  /** What would change, and what not and why. Writes nothing. */
  preview: procedure.input(chosen).output(bulkPlan),
  /**
   * Carries it out in one transaction, whole or not at all; undo takes it back as one; history.underWay tells how far it is. Refused with CONFLICT if something that
   * would change was changed after `seen`.
   */
  apply: procedure
    .input(chosen.extend({ reason: z.string().trim().max(400), seen: z.int() }))
    .output(z.object({ changes: z.int() }))
}
