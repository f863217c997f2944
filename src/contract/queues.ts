import { z } from 'zod'
import { procedure } from './base'
import { filmRow } from './films'
import { diagnosis, filmId, jobId, timestamp } from './values'

export const queueKind = z.enum([
  'unlabelled',
  'ttn-rds',
  'label-suspects',
  'implausible-context',
  'context-dependent',
  'random-audit',
  'repeats',
  'adjudication',
  'margin',
  'entropy',
  'core-set'
])
export type QueueKind = z.infer<typeof queueKind>

const share = z.number().min(0).max(1)

/** Why a film is in a queue; screens have a sentence for each. */
export const queueReason = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('unlabelled') }),
  z.object({ kind: z.literal('ttn-rds-readers'), readings: z.int() }),
  z.object({ kind: z.literal('ttn-rds-model'), label: diagnosis, predicted: diagnosis, probability: share }),
  z.object({
    kind: z.literal('ttn-rds-course'),
    label: diagnosis,
    otherLabel: diagnosis,
    otherFilmId: filmId,
    hoursApart: z.number()
  }),
  z.object({
    kind: z.literal('label-suspect'),
    label: diagnosis,
    labelProbability: share,
    suggested: diagnosis,
    suggestedProbability: share,
    /** Nats. The score is their difference. */
    crossEntropy: z.number(),
    entropy: z.number()
  }),
  z.object({
    kind: z.literal('implausible-context'),
    state: z.string(),
    zScore: z.number().nullable(),
    findings: z.array(z.string())
  }),
  z.object({
    kind: z.literal('context-dependent'),
    predicted: diagnosis,
    probability: share,
    predictedAtMean: diagnosis,
    probabilityAtMean: share
  }),
  z.object({ kind: z.literal('random') }),
  z.object({ kind: z.literal('repeat'), readAt: timestamp }),
  z.object({ kind: z.literal('adjudication'), readings: z.int(), classes: z.array(diagnosis) }),
  z.object({ kind: z.literal('margin'), first: diagnosis, second: diagnosis, margin: share }),
  z.object({ kind: z.literal('entropy'), entropy: share }),
  z.object({ kind: z.literal('core-set'), distance: share })
])
export type QueueReason = z.infer<typeof queueReason>

export const queueInfo = z.object({
  kind: queueKind,
  /** Films in it now; null where the films must be scored first. */
  films: z.int().nullable(),
  needsScores: z.boolean()
})
export type QueueInfo = z.infer<typeof queueInfo>

/** What was asked of a model for the queues, and when. */
export const queueScores = z.object({
  modelHash: z.string(),
  modelName: z.string().nullable(),
  madeAt: timestamp,
  films: z.int(),
  /** Films with an answer by cross-validation. */
  outOfFold: z.int(),
  /** Films of the project that have none, or whose label, GA or BW changed since. */
  outdated: z.int(),
  /** Another model is the active one now. */
  otherModel: z.boolean()
})
export type QueueScores = z.infer<typeof queueScores>

export const queuedFilm = z.object({
  row: filmRow,
  /** Larger is more urgent; comparable inside one queue only. */
  score: z.number(),
  reasons: z.array(queueReason)
})
export type QueuedFilm = z.infer<typeof queuedFilm>

export const queues = {
  list: procedure.output(z.object({ queues: z.array(queueInfo), scores: queueScores.nullable() })),
  /** A window on a queue, most urgent first. `repeats` is the present reader's own. */
  films: procedure
    .input(z.object({ queue: queueKind, offset: z.int().min(0), limit: z.int().min(1).max(500) }))
    .output(z.object({ total: z.int(), films: z.array(queuedFilm) })),
  /** The whole queue in its order, with why each film is in it: a reading list, frozen at this moment. */
  order: procedure
    .input(z.object({ queue: queueKind }))
    .output(z.array(z.object({ filmId, reasons: z.array(queueReason) }))),
  /**
   * Asks the active model for what the queues need: answers with and without GA and BW, answers by cross-validation of gate and
   * head, and which films lie far from all labelled ones.
   */
  score: procedure.output(z.object({ jobId }))
}
