import { z } from 'zod'
import { diagnosis, filmId, modelId, timestamp } from './values'

const share = z.number().nullable()

export const validationMetrics = z.object({
  films: z.int(),
  /** Mean cross-entropy, weighted by class as in training. */
  loss: z.number().nullable(),
  accuracy: share,
  macroF1: share,
  macroAuroc: share,
  weightedF1: share,
  perClass: z.record(
    diagnosis,
    z.object({ precision: share, recall: share, f1: share, auroc: share, films: z.int() })
  )
})
export type ValidationMetrics = z.infer<typeof validationMetrics>

const hyperparameter = z.union([z.number(), z.string(), z.boolean(), z.null()])

/** How a version came to be; the same block as in its model card. */
export const modelTraining = z.object({
  /** Hash of the version it was trained from; null where it began with fresh weights. */
  parent: z.string().nullable(),
  method: z.string(),
  scope: z.enum(['head', 'last-stage', 'all']),
  preset: z.string(),
  hyperparameters: z.record(z.string(), z.union([hyperparameter, z.array(hyperparameter)])),
  data: z.object({
    manifestHash: z.string(),
    films: z.object({ train: z.int(), validation: z.int() }),
    newLabels: z.int(),
    rehearsal: z.int(),
    history: z.object({ seq: z.int(), hash: z.string() }).nullable()
  }),
  split: z.object({ id: z.string(), name: z.string(), manifestHash: z.string() }).nullable(),
  code: z.object({ neogate: z.string(), onnxruntime: z.string(), node: z.string() }),
  provider: z.string(),
  seed: z.int(),
  startedAt: timestamp,
  finishedAt: timestamp,
  epochs: z.int(),
  steps: z.int(),
  stopReason: z.string(),
  metrics: z.object({ validation: validationMetrics.nullable() })
})
export type ModelTraining = z.infer<typeof modelTraining>

const promotedModel = z.object({ modelId, hash: z.string(), name: z.string() })

/** One entry of the promotion history, which is part of the project's hash chain. */
export const promotion = z.object({
  seq: z.int(),
  at: timestamp,
  reader: z.string(),
  from: promotedModel.nullable(),
  to: promotedModel,
  reason: z.string(),
  /** A rollback: sequence number of the promotion that it takes back. */
  undoes: z.int().nullable()
})
export type Promotion = z.infer<typeof promotion>

/** What stands against a promotion, see the promotion gate of the model registry. */
export const promotionWarning = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('untrained') }),
  z.object({ kind: z.literal('not-validated') }),
  z.object({ kind: z.literal('lower-macro-f1'), current: z.number(), next: z.number() }),
  /** Validation films of either. */
  z.object({ kind: z.literal('different-validation'), current: z.int(), next: z.int() })
])
export type PromotionWarning = z.infer<typeof promotionWarning>

/** A statistic of both versions on the same films, with a 95 % interval of the difference over infants. */
export const comparedMetric = z.object({
  name: z.enum(['accuracy', 'macroF1']),
  a: share,
  b: share,
  /** b less a. Null where the statistic does not exist on these films. */
  difference: z.object({ estimate: z.number(), low: z.number(), high: z.number() }).nullable()
})

export const modelComparison = z.object({
  a: modelId,
  b: modelId,
  lineage: z.object({
    relation: z.enum(['same', 'a-from-b', 'b-from-a', 'common-ancestor', 'unrelated']),
    /** Hash of the nearest model that both come from. */
    ancestor: z.string().nullable(),
    /** Where cards differ: path in the card, and the values as text; null where a card has none. */
    differences: z.array(z.object({ field: z.string(), a: z.string().nullable(), b: z.string().nullable() }))
  }),
  films: z.object({
    /**
     * given: the films asked for; validation: those on the validation side of every split that either version or one it
     * comes from was trained with; all: every film, those learnt from included. Locked test films are in none of them.
     */
    scope: z.enum(['given', 'validation', 'all']),
    splits: z.array(z.string()),
    /** Names of splits in the lineage that this project does not have, so that their training films could not be left out. */
    unknownSplits: z.array(z.string()),
    /** Films left out because they are on a locked test side. */
    test: z.int(),
    considered: z.int(),
    /** Films without a current prediction of a, or of b. */
    withoutA: z.int(),
    withoutB: z.int(),
    /** Films that both have predicted from what is recorded now. */
    compared: z.int(),
    labelled: z.int(),
    /** Infants of the labelled films: what the intervals are drawn over. */
    infants: z.int()
  }),
  agreement: z.object({
    same: z.int(),
    changed: z.int(),
    /** Of the labelled films. */
    bothRight: z.int(),
    onlyARight: z.int(),
    onlyBRight: z.int(),
    bothWrong: z.int()
  }),
  metrics: z.array(comparedMetric),
  /** Resamples of infants behind each interval. */
  resamples: z.int(),
  /** In table order. */
  changed: z.array(
    z.object({
      filmId,
      patientKey: z.string(),
      from: diagnosis,
      to: diagnosis,
      label: diagnosis.nullable()
    })
  )
})
export type ModelComparison = z.infer<typeof modelComparison>
