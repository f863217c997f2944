import { z } from 'zod'
import { procedure } from './base'
import { PROVIDERS } from './constants'
import { modelComparison, modelTraining, promotion, promotionWarning } from './model-versions'
import { diagnosis, filmId, gaDays, bwGrams, jobId, modelId, path, probabilities, timestamp } from './values'

export const modelInfo = z.object({
  id: modelId,
  name: z.string(),
  method: z.string(),
  /** False: fresh random weights, whose predictions mean nothing. */
  trained: z.boolean(),
  /** Input side in pixels. */
  size: z.int(),
  parameters: z.object({ total: z.int(), withoutHead: z.int() }),
  /** SHA-256 over architecture and weights. */
  hash: z.string(),
  preprocessing: z.object({ hash: z.string(), steps: z.array(z.string()) }),
  context: z.object({
    gaMeanDays: z.number(),
    gaSdDays: z.number(),
    bwMeanGrams: z.number(),
    bwSdGrams: z.number()
  }),
  createdAt: timestamp,
  folder: path,
  /** The promoted version: the one whose predictions are shown. */
  active: z.boolean(),
  /** null where NeoGate did not train it. */
  training: modelTraining.nullable()
})
export type ModelInfo = z.infer<typeof modelInfo>

export const providerId = z.enum(PROVIDERS)
/** Why a provider is not available, with the terminal's sentence; the screens have one in each language. */
export const PROVIDER_REASONS = {
  'not-in-build': 'Not part of the runtime for this system.',
  'windows-only': 'Exists on Windows only.',
  'macos-only': 'Exists on macOS only.',
  'libraries-missing': 'Its libraries are not installed.',
  'no-device': 'No graphics device that it can use was found.',
  'wrong-results': "Its results differ from the CPU's.",
  failed: 'It failed when it was tried.'
} as const
export type ProviderReason = keyof typeof PROVIDER_REASONS
export const providerInfo = z.object({
  id: providerId,
  available: z.boolean(),
  /** Why not, where it is not. */
  reason: z.enum(Object.keys(PROVIDER_REASONS) as ProviderReason[]).nullable(),
  /** What the runtime itself said of it, in English and for a bug report. */
  detail: z.string().nullable(),
  selfTest: z
    .object({
      passed: z.boolean(),
      /** Largest |difference| of logits from the CPU's. */
      maxError: z.number(),
      filmsPerSecond: z.number(),
      testedAt: timestamp
    })
    .nullable(),
  inUse: z.boolean()
})
export type ProviderInfo = z.infer<typeof providerInfo>

export const prediction = z.object({
  filmId,
  modelId,
  modelHash: z.string(),
  preprocessingHash: z.string(),
  trained: z.boolean(),
  probabilities,
  logits: z.array(z.number()).length(6),
  predicted: diagnosis,
  /** What the gate was given, and which of the two was absent and replaced by the model's cohort mean. */
  context: z.object({
    gaDays: z.number(),
    bwGrams: z.number(),
    imputed: z.array(z.enum(['gaDays', 'bwGrams']))
  }),
  provider: providerId,
  /** Shown to the user: the provider asked for failed and this one was used. */
  fallback: z.string().nullable()
})
export type Prediction = z.infer<typeof prediction>

/** The rectangle of the film that a map covers, in film pixels; may reach outside it (letterbox). */
export const mapExtent = z.object({
  left: z.number(),
  top: z.number(),
  right: z.number(),
  bottom: z.number()
})

export const activationMap = z.object({
  rows: z.int(),
  columns: z.int(),
  /** Row-major class activation, in logit units per cell times the number of cells. */
  values: z.array(z.number()),
  extent: mapExtent
})
export type ActivationMap = z.infer<typeof activationMap>

const promotionReason = z.string().trim().min(1).max(400)

export const models = {
  list: procedure.output(z.array(modelInfo)),
  /** What stands against promoting a model; empty where nothing does. */
  promotionCheck: procedure
    .input(z.object({ id: modelId }))
    .output(z.object({ warnings: z.array(promotionWarning) })),
  /**
   * Makes a model the one whose predictions are shown, and keeps who did so and why. Refused with CONFLICT and reason
   * 'promotion-gate' where something stands against it, unless confirmed.
   */
  promote: procedure
    .input(z.object({ id: modelId, reason: promotionReason, confirm: z.boolean().default(false) }))
    .output(z.array(modelInfo)),
  /** Returns to the model that was active before the promotion that holds. */
  rollback: procedure.input(z.object({ reason: promotionReason })).output(z.array(modelInfo)),
  /** Every promotion and rollback, newest first. */
  promotions: procedure.output(z.array(promotion)),
  /**
   * Holds two versions against each other on the films that both have predicted. Without film ids on what neither has
   * learnt from as far as is known (scope 'validation'), or on all films.
   */
  compare: procedure
    .input(
      z.object({
        a: modelId,
        b: modelId,
        filmIds: z.array(filmId).min(1).nullable().default(null),
        scope: z.enum(['validation', 'all']).default('validation')
      })
    )
    .output(modelComparison),
  /** A model card in Markdown. */
  card: procedure.input(z.object({ id: modelId })).output(z.object({ markdown: z.string() })),
  /** Registers a model folder made with `neogate model new` in this project. */
  add: procedure.input(z.object({ folder: path })).output(z.array(modelInfo)),
  /** Providers on this machine; the first call runs each one's self-test against the CPU. */
  providers: procedure.output(z.array(providerInfo))
}

export const predictions = {
  /** From the cache, or computed now; with `context` the stored GA/BW are replaced for this answer only. */
  get: procedure
    .input(
      z.object({
        filmId,
        modelId: modelId.nullable(),
        context: z.object({ gaDays: gaDays.nullable(), bwGrams: bwGrams.nullable() }).nullable()
      })
    )
    .output(prediction),
  /**
   * What the active model says of several films with their infants' present GA and BW, without running the network: null
   * for a film whose image it has not seen yet.
   */
  course: procedure
    .input(z.object({ filmIds: z.array(filmId).max(500) }))
    .output(z.array(z.object({ filmId, probabilities: probabilities.nullable() }))),
  activationMap: procedure
    .input(z.object({ filmId, modelId: modelId.nullable(), diagnosis, gated: z.boolean() }))
    .output(activationMap),
  /** Predicts the given films, or with null all that have no current prediction. */
  start: procedure
    .input(z.object({ filmIds: z.array(filmId).nullable(), modelId: modelId.nullable() }))
    .output(z.object({ jobId }))
}
