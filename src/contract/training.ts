import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { procedure } from './base'
import { job } from './jobs'
import { providerId } from './models'
import { splitName } from './splits'
import { diagnosis, filmId, jobId, modelId, path, timestamp } from './values'

/**
 * What is trained. head: what lies behind the pooled features (gate and classifier), on pooled features kept for every
 * film; last-stage: that and the last stage, on kept features before it; all: the whole network, from the films.
 */
export const trainingScope = z.enum(['head', 'last-stage', 'all'])
export type TrainingScope = z.infer<typeof trainingScope>

export const trainingPreset = z.enum(['paper', 'incremental'])
export type TrainingPreset = z.infer<typeof trainingPreset>

const seed = z.int().min(0).max(0xffffffff)
const share = z.number().min(0).max(1)

/** Everything that shapes a run beside its data; what is left out comes from the preset. */
export const hyperparameters = z.object({
  epochs: z.int().min(1).max(10_000),
  /** Films per optimizer step. */
  filmsPerStep: z.int().min(1).max(4096),
  /** Films per pass through the network; their gradients are added up to a step. null: as memory allows. */
  batch: z.int().min(1).max(4096).nullable(),
  learningRate: z.number().positive().max(10),
  /** Steps over which the learning rate climbs to its peak. */
  warmUpSteps: z.int().min(0),
  /** Lets the learning rate fall to zero as half a cosine by the last epoch. */
  cosine: z.boolean(),
  weightDecay: z.number().min(0).max(1),
  /** adam: the decay is added to the gradient (the paper); adamw: it shrinks the weights. */
  optimizer: z.enum(['adam', 'adamw']),
  /** Largest global norm of the gradients; null: not clipped. */
  clipNorm: z.number().positive().nullable(),
  /** Epochs without a lower validation loss before training stops; null: never. */
  patience: z.int().min(1).nullable(),
  labelSmoothing: z.number().min(0).max(0.9),
  /** balanced: each class weighs inversely to its films. */
  classWeights: z.enum(['equal', 'balanced']),
  /** Share of each target taken from the parent's own probabilities. */
  distillation: share,
  /** Factor on the learning rate per group of layers, counted back from the output. */
  layerDecay: z.number().positive().max(1),
  batchNorm: z.enum(['frozen', 'batch']),
  /** Flip, brightness, contrast; only where whole films are trained on. */
  augmentation: z.boolean(),
  /** A checkpoint after so many steps. */
  checkpointSteps: z.int().min(1)
})
export type Hyperparameters = z.infer<typeof hyperparameters>

export const trainingOptions = z.object({
  method: z.string().min(1),
  scope: trainingScope,
  preset: trainingPreset,
  /** The version whose weights training begins with; null: fresh ones, or those of `init`. */
  parentId: modelId.nullable().default(null),
  /** Pretrained weights of the backbone, .safetensors or a torch checkpoint; only without a parent. */
  init: path.nullable().default(null),
  /** Name of the version to be made; null: one is made up. */
  name: z.string().trim().min(1).max(120).nullable().default(null),
  /** null: the project's newest split. */
  split: splitName.nullable().default(null),
  /** Input side in pixels; null: the parent's, else the method's own. */
  size: z.int().min(32).max(2048).nullable().default(null),
  /** all: every film of the training side; new-labels: those labelled or corrected since the parent, and a rehearsal. */
  data: z.enum(['all', 'new-labels']).default('all'),
  /** Earlier training films mixed in with the new, balanced by class, GA band and site; null: four for each new one. */
  rehearsal: z.int().min(0).nullable().default(null),
  /** shuffled-context: each film is given another's GA and BW, to see what the image alone is worth to the method. */
  control: z.enum(['none', 'shuffled-context']).default('none'),
  seed: seed.default(0),
  /** null: as the settings say. */
  provider: providerId.nullable().default(null),
  hyperparameters: hyperparameters.partial().default({})
})
export type TrainingOptions = z.input<typeof trainingOptions>

export const trainingProblem = z.object({
  /** refuse: `start` will not run it. */
  severity: z.enum(['refuse', 'warn']),
  code: z.enum([
    'no-split',
    'too-few-training-films',
    'too-few-validation-films',
    'class-without-training-films',
    'class-without-validation-films',
    'no-new-labels',
    'context-missing',
    'method-differs',
    'scope-impossible',
    'size-differs',
    'untrained-parent',
    'little-memory',
    'little-disk'
  ]),
  diagnosis: diagnosis.nullable(),
  count: z.int().nullable(),
  /** English, for terminals and logs; screens translate the code. */
  message: z.string()
})
export type TrainingProblem = z.infer<typeof trainingProblem>

export const trainingPlan = z.object({
  method: z.string(),
  scope: trainingScope,
  preset: trainingPreset,
  size: z.int(),
  parentId: modelId.nullable(),
  split: z.object({ id: z.string(), name: z.string(), hash: z.string() }).nullable(),
  hyperparameters: hyperparameters.extend({ batch: z.int() }),
  films: z.object({ train: z.int(), validation: z.int(), newLabels: z.int(), rehearsal: z.int() }),
  perClass: z.array(z.object({ diagnosis, train: z.int(), validation: z.int() })),
  /** The training films labelled or corrected since the parent; the first 1,000. */
  newFilmIds: z.array(filmId),
  stepsPerEpoch: z.int(),
  /** Learned numbers in the part that is trained. */
  trainedParameters: z.int(),
  problems: z.array(trainingProblem)
})
export type TrainingPlan = z.infer<typeof trainingPlan>

export const trainingMethod = z.object({
  id: z.string(),
  summary: z.string(),
  parameters: z.object({ total: z.int(), withoutHead: z.int() }),
  scopes: z.array(trainingScope),
  defaultSize: z.int(),
  context: z.enum(['none', 'backbone', 'pooled']),
  /** paper: one of its eight; own: a candidate of ours; control: what GA and BW alone explain; small: for demonstration. */
  origin: z.enum(['paper', 'own', 'control', 'small'])
})
export type TrainingMethod = z.infer<typeof trainingMethod>

/** One line of a run's log. After a resume `step` may begin again at that of the last checkpoint. */
export const trainingEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('started'),
    step: z.int(),
    epoch: z.int(),
    provider: providerId,
    resumed: z.boolean()
  }),
  /** At most a few per second; loss is the mean over the steps since the one before. */
  z.object({
    type: z.literal('step'),
    step: z.int(),
    epoch: z.int(),
    stepsPerEpoch: z.int(),
    loss: z.number(),
    learningRate: z.number(),
    gradientNorm: z.number(),
    filmsPerSecond: z.number(),
    secondsLeft: z.number().nullable()
  }),
  z.object({
    type: z.literal('epoch'),
    step: z.int(),
    epoch: z.int(),
    trainingLoss: z.number(),
    validationLoss: z.number(),
    accuracy: z.number().nullable(),
    macroF1: z.number().nullable(),
    macroAuroc: z.number().nullable(),
    best: z.boolean()
  }),
  z.object({ type: z.literal('film-lost'), filmId, message: z.string() }),
  z.object({ type: z.literal('smaller-batch'), batch: z.int() }),
  z.object({ type: z.literal('checkpoint'), step: z.int() }),
  z.object({
    type: z.literal('finished'),
    reason: z.enum(['epochs', 'patience']),
    modelId,
    name: z.string()
  })
])
export type TrainingEvent = z.infer<typeof trainingEvent>

export const loggedTrainingEvent = z.object({ seq: z.int(), at: timestamp, event: trainingEvent })
export type LoggedTrainingEvent = z.infer<typeof loggedTrainingEvent>

export const trainingRun = z.object({
  job,
  options: trainingOptions,
  plan: trainingPlan,
  /** The version that it made. */
  modelId: modelId.nullable()
})
export type TrainingRun = z.infer<typeof trainingRun>

export const training = {
  /** Every method that can be trained. */
  methods: procedure.output(z.array(trainingMethod)),
  /** What a run would do, and what stands against it; computes nothing yet. */
  plan: procedure.input(trainingOptions).output(trainingPlan),
  /** Fails with what `plan` refuses. The labels, GA and BW of this moment are what it trains on, even after a resume. */
  start: procedure.input(trainingOptions).output(z.object({ jobId })),
  /** Newest first. */
  runs: procedure.output(z.array(trainingRun)),
  run: procedure.input(z.object({ jobId })).output(trainingRun),
  /**
   * The run's log from after `after` (0: from its beginning), then live until the run ends or stops; call again with the
   * last `seq` after a reload. Pause, resume and cancel go through `jobs`.
   */
  events: procedure
    .input(z.object({ jobId, after: z.int().min(0).default(0) }))
    .output(eventIterator(loggedTrainingEvent))
}
