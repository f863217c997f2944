import { z } from 'zod'
import { procedure } from './base'
import { classFigures, figure, overallFigures } from './evaluation'
import { job } from './jobs'
import { providerId } from './models'
import { PAPER_TABLE_1 } from './paper-tables'
import { splitName } from './splits'
import { hyperparameters, trainingPreset, trainingProblem, trainingScope } from './training'
import { diagnosis, jobId, modelId, path, timestamp } from './values'

/** The methods of the paper's Table 1, in its order. */
export const PAPER_METHODS: readonly string[] = PAPER_TABLE_1.map(({ method }) => method)

/** What small variants are trained with from scratch where nothing else is said: the paper's rates are too slow for them. */
export const SMALL_SETTINGS = { learningRate: 1e-3, filmsPerStep: 16, warmUpSteps: 20, cosine: true } as const

/** Methods trained from the same films with the same settings, each on seeds 1, 2 ... */
export const experimentOptions = z.object({
  /** null: one is made up. */
  name: z.string().trim().min(1).max(120).nullable().default(null),
  methods: z
    .array(z.string())
    .min(1)
    .max(40)
    .default([...PAPER_METHODS]),
  /**
   * What is trained of each. Less than the whole network compares the methods' heads or last stages on what their `parents` had learnt
   * before, not the methods alone.
   */
  scope: trainingScope.default('all'),
  /** Versions of the project that methods begin with, one a method; needed where less than the whole network is trained. */
  parents: z.array(modelId).max(40).default([]),
  seeds: z.int().min(1).max(20).default(1),
  preset: trainingPreset.default('paper'),
  /** null: each method's own. */
  size: z.int().min(32).max(2048).nullable().default(null),
  hyperparameters: hyperparameters.partial().default({}),
  /** null: the project's newest split. */
  split: splitName.nullable().default(null),
  /** Pretrained weights of the backbone, by method. */
  init: z.record(z.string(), path).default({}),
  /** Versions of the project that stand for a training of their methods, which then are not trained. */
  versions: z.array(modelId).max(40).default([]),
  side: z.enum(['validation', 'test']).default('validation'),
  /** Opens the locked test side, on record. */
  reason: z.string().trim().max(400).nullable().default(null),
  resamples: z.int().min(100).max(10_000).default(2000),
  provider: providerId.nullable().default(null)
})
export type ExperimentOptions = z.input<typeof experimentOptions>

export const timeBasis = z.enum([
  /** An earlier run of the method at this size. */
  'same',
  /** Earlier runs of others, by multiplications. */
  'scaled',
  /** No run yet: what two processor cores usually do. */
  'typical'
])

export const experimentPlan = z.object({
  split: z.object({ id: z.string(), name: z.string(), hash: z.string() }).nullable(),
  films: z.object({ train: z.int(), validation: z.int() }),
  parts: z.array(
    z.object({
      method: z.string(),
      /** null: a version that was given. */
      seed: z.int().nullable(),
      size: z.int(),
      /** Version that it begins with; null: fresh or pretrained weights. */
      parentId: modelId.nullable().default(null),
      /** Already there: given, or trained from the very same films, settings and seed. */
      modelId: modelId.nullable(),
      /** Training and evaluation; rough, and to the last epoch. */
      seconds: z.number(),
      basis: timeBasis
    })
  ),
  seconds: z.number(),
  problems: z.array(trainingProblem.extend({ method: z.string().nullable() }))
})
export type ExperimentPlan = z.infer<typeof experimentPlan>

export const experimentPart = z.object({
  method: z.string(),
  seed: z.int().nullable(),
  /** failed: what went wrong is in `error`; resuming tries it again. */
  state: z.enum(['waiting', 'training', 'evaluating', 'done', 'failed']),
  /** The run that trains it; null where the version was there already. */
  trainJobId: jobId.nullable(),
  modelId: modelId.nullable(),
  evaluationId: jobId.nullable(),
  macroF1: figure,
  macroAuroc: figure,
  error: z.string().nullable()
})
export type ExperimentPart = z.infer<typeof experimentPart>

/** Means over seeds; an interval is of that mean, all seeds judged on the same resamples of infants. */
const methodRow = z.object({
  method: z.string(),
  runs: z.int(),
  parameters: z.object({ total: z.int(), withoutHead: z.int() }),
  overall: overallFigures,
  perClass: z.array(classFigures),
  /** Standard deviation over seeds; null with one. */
  spread: z.object({
    macroF1: z.number().nullable(),
    macroAuroc: z.number().nullable(),
    f1: z.array(z.number().nullable())
  }),
  /** This method less the reference, paired. */
  difference: z.object({ overall: overallFigures, perClass: z.array(classFigures) })
})

export const experimentResult = z.object({
  films: z.int(),
  infants: z.int(),
  /** Of the first evaluation; `sameSet` says whether it is that of all. */
  setHash: z.string(),
  /** False where labels, GA or BW changed between evaluations: only films with one label throughout are counted. */
  sameSet: z.boolean(),
  resamples: z.int(),
  seed: z.int(),
  /** CCGN or its small variant where it is among them, else the last method. */
  reference: z.string(),
  methods: z.array(methodRow)
})
export type ExperimentResult = z.infer<typeof experimentResult>

export const experimentSummary = z.object({
  /** Also of its job. */
  id: jobId,
  at: timestamp,
  name: z.string(),
  reader: z.string(),
  methods: z.array(z.string()),
  seeds: z.int(),
  split: z.string(),
  side: z.enum(['validation', 'test']),
  parts: z.object({ done: z.int(), failed: z.int(), total: z.int() }),
  job
})
export type ExperimentSummary = z.infer<typeof experimentSummary>

export const experiment = z.object({
  summary: experimentSummary,
  options: experimentOptions,
  plan: experimentPlan,
  parts: z.array(experimentPart),
  /** null until every part has ended. */
  result: experimentResult.nullable()
})
export type Experiment = z.infer<typeof experiment>

export const classDifferences = z.object({
  a: z.string(),
  b: z.string(),
  films: z.int(),
  infants: z.int(),
  resamples: z.int(),
  /** Mean over seeds of each; b less a, paired. */
  classes: z.array(z.object({ diagnosis, a: figure, b: figure, difference: figure })),
  macroF1: z.object({ a: figure, b: figure, difference: figure }),
  weightedF1: z.object({ a: figure, b: figure, difference: figure })
})
export type ClassDifferences = z.infer<typeof classDifferences>

export const experiments = {
  /** Newest first. */
  list: procedure.output(z.array(experimentSummary)),
  get: procedure.input(z.object({ id: jobId })).output(experiment),
  /** What would be trained, what is there already, and about how long it takes; computes nothing yet. */
  plan: procedure.input(experimentOptions).output(experimentPlan),
  /**
   * Fixes films, settings and seeds of every run and starts. Fails with what `plan` refuses; a locked test side is refused
   * without a reason. Pause, resume and cancel go through `jobs`; what was done is kept.
   */
  start: procedure.input(experimentOptions).output(z.object({ id: jobId })),
  /** F1 of each class of two methods of an experiment: the paper's Table 2. */
  classDifferences: procedure
    .input(z.object({ id: jobId, a: z.string(), b: z.string() }))
    .output(classDifferences)
}
