import type { Evaluation, Figure } from '../../../contract'
import { DIAGNOSES } from '../../domain'
import {
  CLASS_COLOURS,
  INK,
  lineChart,
  matrixChart,
  MUTED,
  type ChartLine,
  type Drawing,
  type Matrix
} from '../../report'

type Band = ChartLine['band']

const brief = (figure: Figure) =>
  figure
    ? `${figure.estimate.toFixed(2)}${figure.low === null ? '' : ` (${figure.low.toFixed(2)}–${figure.high!.toFixed(2)})`}`
    : '–'

/** Figures of an evaluation by file name, in the order in which the report shows them. */
export function evaluationFigures(evaluation: Evaluation): Record<string, Drawing> {
  const matrices = (['counts', 'row', 'column'] as const).map(
    scale =>
      [
        `confusion-${scale === 'counts' ? 'counts' : `${scale}-shares`}`,
        confusion(evaluation, scale)
      ] as const
  )
  return {
    ...Object.fromEntries(matrices),
    roc: roc(evaluation),
    'precision-recall': precisionRecall(evaluation),
    reliability: reliability(evaluation),
    ...Object.fromEntries(
      DIAGNOSES.map((name, k) => [`reliability-${name}`, classReliability(evaluation, k)])
    ),
    ...Object.fromEntries(DIAGNOSES.map((name, k) => [`decision-${name}`, decision(evaluation, k)]))
  }
}

const MATRIX_TITLES = {
  counts: 'Confusion matrix, films',
  row: 'Share of each label (diagonal: recall)',
  column: 'Share of each answer (diagonal: precision)'
} as const

function confusion({ confusion: counts }: Evaluation, scale: Matrix['scale']): Drawing {
  return matrixChart({
    title: MATRIX_TITLES[scale],
    rowTitle: 'Label',
    columnTitle: 'Answer',
    names: DIAGNOSES,
    counts,
    scale
  })
}

function roc({ curves, perClass }: Evaluation): Drawing {
  return lineChart({
    title: 'ROC, one class against the rest',
    xLabel: 'False positive rate',
    yLabel: 'True positive rate',
    yRange: [0, 1],
    diagonal: true,
    lines: DIAGNOSES.map((name, k) => ({
      label: `${name} ${brief(perClass[k]!.auroc)}`,
      points: curves.perClass[k]!.rocPoints,
      band: [],
      stroke: CLASS_COLOURS[k]!
    }))
  })
}

function precisionRecall({ curves, perClass }: Evaluation): Drawing {
  return lineChart({
    title: 'Precision and recall',
    xLabel: 'Recall',
    yLabel: 'Precision',
    yRange: [0, 1],
    diagonal: false,
    lines: DIAGNOSES.map((name, k) => ({
      label: `${name} ${brief(perClass[k]!.auprc)}`,
      points: curves.perClass[k]!.precisionRecallPoints,
      band: [],
      stroke: CLASS_COLOURS[k]!
    }))
  })
}

type Bins = Evaluation['curves']['reliability']

function binned({ confidence, share }: Bins): Pick<ChartLine, 'points' | 'band'> {
  const full = confidence.flatMap((mean, i) =>
    mean && share[i] ? [{ x: mean.estimate, share: share[i] }] : []
  )
  return {
    points: full.map(({ x, share }) => [x, share.estimate]),
    band: bandOf(full.map(({ x, share }) => [x, share]))
  }
}

function reliability({ curves, overall }: Evaluation): Drawing {
  const scaled = binned(curves.scaledReliability)
  return lineChart({
    title: 'Reliability of the answer',
    xLabel: 'Mean probability of the answer',
    yLabel: 'Share that was right',
    yRange: [0, 1],
    diagonal: true,
    lines: [
      {
        label: `as it is, ECE ${brief(overall.ece)}`,
        ...binned(curves.reliability),
        stroke: MUTED,
        dash: 3,
        dots: true
      },
      ...(scaled.points.length > 0
        ? [
            {
              label: `scaled, ECE ${brief(overall.scaledEce)}`,
              ...scaled,
              stroke: CLASS_COLOURS[0],
              dots: true
            }
          ]
        : [])
    ]
  })
}

function classReliability({ curves }: Evaluation, k: number): Drawing {
  return lineChart({
    title: `Reliability, ${DIAGNOSES[k]!}`,
    xLabel: 'Mean probability of the class',
    yLabel: 'Share of the class',
    yRange: [0, 1],
    diagonal: true,
    lines: [
      { label: null, ...binned(curves.perClass[k]!.reliability), stroke: CLASS_COLOURS[k]!, dots: true }
    ]
  })
}

function decision({ curves, confusion, summary }: Evaluation, k: number): Drawing {
  const { netBenefit, treatAll } = curves.perClass[k]!
  const at = (figures: readonly Figure[]) =>
    figures.flatMap((figure, i) => (figure ? [[curves.decisionThresholds[i]!, figure] as const] : []))
  const line = (figures: readonly Figure[]) => at(figures).map(([x, { estimate }]) => [x, estimate] as const)
  const prevalence = confusion[k]!.reduce((sum, count) => sum + count, 0) / summary.films
  return lineChart({
    title: `Decision curve, ${DIAGNOSES[k]!}`,
    xLabel: 'Threshold probability',
    yLabel: 'Net benefit',
    yRange: [-0.05, Math.max(0.1, Math.ceil(prevalence * 10 + 0.5) / 10)],
    diagonal: false,
    lines: [
      { label: 'act on every film', points: line(treatAll), band: [], stroke: MUTED },
      {
        label: 'act on none',
        points: [
          [0, 0],
          [1, 0]
        ],
        band: [],
        stroke: INK,
        dash: 2
      },
      { label: 'model', points: line(netBenefit), band: bandOf(at(netBenefit)), stroke: CLASS_COLOURS[k]! }
    ]
  })
}

function bandOf(figures: readonly (readonly [x: number, figure: NonNullable<Figure>])[]): Band {
  return figures.flatMap(([x, { low, high }]) =>
    low === null || high === null ? [] : [[x, low, high] as const]
  )
}
