import { z } from 'zod'
import { DIAGNOSES } from '../domain'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const count = z.int().min(0)
const text = z.string().min(1)
/** 0 to 1; null where it is undefined, for example the recall of a class that does not occur. */
const share = z.number().min(0).max(1).nullable()
const hyperparameter = z.union([z.number(), z.string(), z.boolean(), z.null()])

const classMetricsSchema = z.strictObject({
  precision: share,
  recall: share,
  /** 2 TP / (2 TP + FP + FN) of this class. */
  f1: share,
  /** This class against the rest. */
  auroc: share,
  /** Films of this class. */
  films: count
})

/** How a model did on films; each average is named by how it is taken. */
const validationMetricsSchema = z.strictObject({
  films: count,
  /** Mean cross-entropy in nats, weighted by class as in training. */
  loss: z.number().nullable(),
  accuracy: share,
  /** Unweighted mean of the F1 of the classes that occur or are predicted. */
  macroF1: share,
  /** Unweighted mean, over the classes that occur, of the area under the ROC curve of one class against the rest. */
  macroAuroc: share,
  /** Mean of the per-class F1, each class weighted by its films. */
  weightedF1: share,
  perClass: z.record(z.enum(DIAGNOSES), classMetricsSchema)
})
export type ValidationMetrics = z.infer<typeof validationMetricsSchema>

/** Block `training` of a model card: where the weights came from, and all that would be needed to make them again. */
export const trainingRecordSchema = z.strictObject({
  /** Hash of the model whose weights training began with; null where it began with fresh ones. */
  parent: sha256.nullable(),
  method: text,
  /** What was trained; the rest kept the parent's weights. */
  scope: z.enum(['head', 'last-stage', 'all']),
  preset: text,
  hyperparameters: z.record(z.string(), z.union([hyperparameter, z.array(hyperparameter)])),
  data: z.strictObject({
    /** SHA-256 of the list of films with their labels, contexts and sides. */
    manifestHash: sha256,
    films: z.strictObject({ train: count, validation: count }),
    /** Training films whose label is newer than the parent. */
    newLabels: count,
    /** Training films taken from what the parent had learnt. */
    rehearsal: count,
    /** Newest entry of the project's history when the data were read: it seals every label that was used. */
    history: z.strictObject({ seq: count, hash: sha256 }).nullable().default(null)
  }),
  /** The split that kept infants apart; null where the films came divided already. */
  split: z.strictObject({ id: text, name: text, manifestHash: sha256 }).nullable(),
  code: z.strictObject({ neogate: text, onnxruntime: text, node: text }),
  /** Execution provider that computed it. */
  provider: text,
  seed: z.int().min(0).max(0xffffffff),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  epochs: count,
  /** Optimizer steps. */
  steps: count,
  stopReason: text,
  metrics: z.strictObject({ validation: validationMetricsSchema.nullable() })
})
export type TrainingRecord = z.infer<typeof trainingRecordSchema>
