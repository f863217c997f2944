import { createHash } from 'node:crypto'
import { z } from 'zod'
import { DIAGNOSES } from '../domain'
import { contentId, NeoGateError } from '../foundation'
import { trainingRecordSchema } from './training-record'

export const RESEARCH_NOTICE = 'Research use only. Not for diagnosis.'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const positive = z.number().positive()

/**
 * `model.json` of a model folder: all that must be known to use the weights beside it. Version 2 may tell how they were
 * trained; version 1 is still read.
 */
const cardFields = z.strictObject({
  format: z.literal('neogate-model'),
  version: z.union([z.literal(1), z.literal(2)]),
  notice: z.literal(RESEARCH_NOTICE),
  name: z.string().trim().min(1).max(120),
  /** Method id, e.g. 'ccgn'. */
  method: z.string().min(1),
  /** Output i stands for classes[i]. */
  classes: z
    .array(z.enum(DIAGNOSES))
    .refine(classes => classes.join() === DIAGNOSES.join(), `must be ${DIAGNOSES.join(', ')} in this order`),
  /** Side of the square input in pixels. */
  size: z.int().min(32).max(2048),
  /** False: the predictions mean nothing. */
  trained: z.boolean(),
  /** Seed of every tensor that was not taken from a file. */
  seed: z.int().min(0).max(0xffffffff),
  /** Where the other tensors came from: the SHA-256 of that file, or null where all are fresh. */
  initialWeights: sha256.nullable(),
  parameters: z.strictObject({ total: z.int().positive(), withoutHead: z.int().nonnegative() }),
  /** Mean and standard deviation of the cohort; a missing value is replaced by the mean and marked as imputed. */
  context: z.strictObject({
    gaMeanDays: positive,
    gaSdDays: positive,
    bwMeanGrams: positive,
    bwSdGrams: positive
  }),
  preprocessing: z.strictObject({ hash: sha256, steps: z.array(z.string().min(1)).min(1) }),
  weights: z.strictObject({ byteSize: z.int().positive(), sha256 }),
  createdAt: z.iso.datetime(),
  /** Absent where NeoGate did not train the weights. */
  training: trainingRecordSchema.optional()
})
const modelCardSchema = cardFields.superRefine(({ version, training, method, trained }, context) => {
  const refuse = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message })
  if (!training) return
  if (version === 1) refuse(['training'], 'belongs to version 2 of the card')
  if (!trained) refuse(['trained'], 'must be true where the card tells of a training')
  if (training.method !== method) refuse(['training', 'method'], `must be ${method}, as the card says`)
})
export type ModelCard = z.infer<typeof modelCardSchema>

/** @throws NeoGateError MODEL_REFUSED naming the field */
export function parseModelCard(text: string, file: string): ModelCard {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new NeoGateError('MODEL_REFUSED', `${file} is not JSON.`, { file, reason: 'damaged' }, { cause })
  }
  const parsed = modelCardSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  const field = issue.path.map(String).join('.')
  throw new NeoGateError('MODEL_REFUSED', `${file}: ${field || 'model card'}: ${issue.message}.`, {
    file,
    ...(field ? { field } : {}),
    remedy: 'Make the model again with `neogate model new`, or take it from a newer NeoGate with a newer one.'
  })
}

/** SHA-256 over all that decides what the model answers: architecture, input, scale and weights; not its name or date. */
export function modelHash({ method, classes, size, context, preprocessing, weights }: ModelCard): string {
  const { gaMeanDays, gaSdDays, bwMeanGrams, bwSdGrams } = context
  return createHash('sha256')
    .update(
      JSON.stringify([
        method,
        classes,
        size,
        [gaMeanDays, gaSdDays, bwMeanGrams, bwSdGrams],
        preprocessing.hash,
        weights.sha256
      ])
    )
    .digest('hex')
}

/** The id under which a project knows the model. */
export function modelIdOf(hash: string): string {
  return contentId('model', hash)
}
