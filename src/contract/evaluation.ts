import { z } from 'zod'
import { procedure } from './base'
import { splitName, splitSide } from './splits'
import { diagnosis, filmId, jobId, modelId, timestamp } from './values'

/** A figure with its 95 % percentile interval over infants; null where it does not exist on these films. */
export const figure = z
  .object({ estimate: z.number(), low: z.number().nullable(), high: z.number().nullable() })
  .nullable()
export type Figure = z.infer<typeof figure>

/** macro: unweighted mean over classes; weighted: mean weighted by films of the class. scaled: after temperature scaling. */
export const OVERALL_FIGURES = [
  'accuracy',
  'macroF1',
  'weightedF1',
  'macroAuroc',
  'weightedAuroc',
  'macroAuprc',
  'weightedAuprc',
  'macroPrecision',
  'weightedPrecision',
  'macroRecall',
  'weightedRecall',
  'macroSpecificity',
  'ece',
  'scaledEce',
  'brier',
  'scaledBrier',
  'nll',
  'scaledNll'
] as const
export type OverallFigure = (typeof OVERALL_FIGURES)[number]

export const CLASS_FIGURES = [
  'precision',
  'recall',
  'specificity',
  'f1',
  'auroc',
  'auprc',
  'sensitivityAtThreshold',
  'specificityAtThreshold'
] as const
export type ClassFigure = (typeof CLASS_FIGURES)[number]

export const overallFigures = z.record(z.enum(OVERALL_FIGURES), figure)
export const classFigures = z.record(z.enum(CLASS_FIGURES), figure)
const overall = overallFigures
const perClass = z.array(classFigures)

/** Which films: a side of a split, or every labelled film that is on no locked test side. */
export const evaluationSet = z.object({
  kind: z.enum(['side', 'all']),
  split: z.object({ id: z.string(), name: z.string(), hash: z.string() }).nullable(),
  side: splitSide.nullable(),
  /** Why the locked test side was opened. */
  reason: z.string().nullable()
})
export type EvaluationSet = z.infer<typeof evaluationSet>

export const evaluationWarning = z.object({
  code: z.enum([
    /** Films of the set that the version or one it comes from may have learnt from. */
    'learnt-from',
    /** Which films it learnt from is not recorded here. */
    'unknown-training',
    /** Used to choose when training stopped. */
    'stopped-by',
    'untrained',
    /** Temperature and thresholds were fitted on these very films. */
    'calibrated-here',
    /** No validation films to fit temperature and thresholds on. */
    'not-calibrated',
    /** GA or BW absent, replaced by the cohort's mean. */
    'context-imputed',
    'few-infants',
    'class-missing',
    /** Films whose label is not the one they had when the split was made. */
    'relabelled',
    /** Left out of the set, films. */
    'unlabelled',
    'unreadable',
    'implausible-context',
    'test-left-out'
  ]),
  diagnosis: diagnosis.nullable(),
  /** Films, or infants for few-infants. */
  count: z.int()
})
export type EvaluationWarning = z.infer<typeof evaluationWarning>

export const evaluationSummary = z.object({
  /** Also of the job that made it. */
  id: jobId,
  at: timestamp,
  reader: z.string(),
  modelId,
  modelName: z.string(),
  modelHash: z.string(),
  method: z.string(),
  set: evaluationSet,
  films: z.int(),
  infants: z.int(),
  /** SHA-256 over film ids, labels, GA and BW: two evaluations with the same hash are of the same set. */
  setHash: z.string(),
  accuracy: figure,
  macroF1: figure,
  macroAuroc: figure
})
export type EvaluationSummary = z.infer<typeof evaluationSummary>

export const GROUPINGS = ['site', 'gaBand', 'bwBand', 'ageBand', 'sex', 'viewPosition'] as const
export type Grouping = (typeof GROUPINGS)[number]

const reliability = z.object({ confidence: z.array(figure), share: z.array(figure) })

export const evaluationControl = z.enum([
  'context-logistic',
  'context-mlp',
  'age-mlp',
  'shuffled-context',
  'blank-image'
])
export type EvaluationControl = z.infer<typeof evaluationControl>

export const evaluation = z.object({
  summary: evaluationSummary,
  warnings: z.array(evaluationWarning),
  resamples: z.int(),
  seed: z.int(),
  /** counts[label][predicted] */
  confusion: z.array(z.array(z.int())),
  calibration: z
    .object({
      temperature: z.number(),
      thresholds: z.array(z.number().nullable()),
      /** Validation films that they were fitted on. */
      films: z.int(),
      split: z.string(),
      fittedAt: timestamp
    })
    .nullable(),
  overall,
  perClass,
  /** Figures along a grid, one grid for all classes, and the corners of the curves themselves. */
  curves: z.object({
    falsePositiveRates: z.array(z.number()),
    recalls: z.array(z.number()),
    decisionThresholds: z.array(z.number()),
    perClass: z.array(
      z.object({
        roc: z.array(figure),
        precisionRecall: z.array(figure),
        netBenefit: z.array(figure),
        treatAll: z.array(figure),
        reliability,
        /** [false positive rate, true positive rate] */
        rocPoints: z.array(z.tuple([z.number(), z.number()])),
        /** [recall, precision] */
        precisionRecallPoints: z.array(z.tuple([z.number(), z.number()]))
      })
    ),
    /** Of the highest probability, in equal bins. */
    reliability,
    scaledReliability: reliability
  }),
  subgroups: z.array(
    z.object({
      grouping: z.enum(GROUPINGS),
      value: z.string(),
      films: z.int(),
      infants: z.int(),
      /** Films of each class. */
      support: z.array(z.int()),
      accuracy: figure,
      macroF1: figure,
      weightedF1: figure,
      macroAuroc: figure,
      f1: z.array(figure),
      recall: z.array(figure)
    })
  ),
  controls: z.array(
    z.object({
      control: evaluationControl,
      /** Films that it was fitted on; null where nothing was fitted. */
      fittedOn: z.int().nullable(),
      /** Of the set and in folds, since there was no training side. */
      crossFitted: z.boolean(),
      overall,
      perClass,
      /** The control less the model, paired. */
      difference: z.object({ overall, perClass })
    })
  )
})
export type Evaluation = z.infer<typeof evaluation>

export const evaluationOptions = z.object({
  /** null: the active one. */
  modelId: modelId.nullable().default(null),
  set: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('side'),
      /** null: the split that the version was trained with, else the newest. */
      split: splitName.nullable().default(null),
      side: splitSide,
      /** Opens the locked test side, on record. */
      reason: z.string().trim().max(400).nullable().default(null)
    }),
    z.object({ kind: z.literal('all') })
  ]),
  resamples: z.int().min(100).max(10_000).default(2000),
  seed: z.int().min(0).max(0xffffffff).default(1),
  controls: z.array(evaluationControl).default([...evaluationControl.options])
})
export type EvaluationOptions = z.input<typeof evaluationOptions>

export const evaluationComparison = z.object({
  a: evaluationSummary,
  b: evaluationSummary,
  /** Films of both sets with the same label in both. */
  films: z.int(),
  infants: z.int(),
  resamples: z.int(),
  figures: z.object({
    a: z.object({ overall, perClass }),
    b: z.object({ overall, perClass }),
    /** b less a on the same resamples. */
    difference: z.object({ overall, perClass })
  }),
  agreement: z.object({
    bothRight: z.int(),
    onlyARight: z.int(),
    onlyBRight: z.int(),
    bothWrong: z.int()
  })
})
export type EvaluationComparison = z.infer<typeof evaluationComparison>

export const evaluationArea = {
  /** Newest first. */
  list: procedure.output(z.array(evaluationSummary)),
  get: procedure.input(z.object({ id: jobId })).output(evaluation),
  /**
   * Fixes the films and starts: predicts what is missing, fits temperature and thresholds on validation films, and computes. A
   * locked test side is refused without a reason; the request is recorded first.
   */
  start: procedure.input(evaluationOptions).output(z.object({ jobId })),
  /** The films behind a cell, a row (predicted null) or a column (label null) of the confusion matrix, in table order. */
  films: procedure
    .input(z.object({ id: jobId, label: diagnosis.nullable(), predicted: diagnosis.nullable() }))
    .output(z.object({ filmIds: z.array(filmId) })),
  /** Holds two evaluations against each other on the films of both. */
  compare: procedure.input(z.object({ a: jobId, b: jobId })).output(evaluationComparison)
}
