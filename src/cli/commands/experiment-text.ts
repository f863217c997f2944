import {
  PAPER_TABLE_2,
  paperMacroF1,
  paperRow,
  type ClassDifferences,
  type Experiment,
  type Figure
} from '../../contract'
import { fields, table } from '../output'
import { figureText } from './evaluate-text'

const PAPER =
  'Paper: Jung & Choi 2025, another data set (4,370 test films), how its F1 is averaged is not said; for orientation only.'

/** Said of every table of less than whole networks. */
const PART =
  'Only a part of each network was trained, on features of the versions named: differences between methods include what these had learnt before. The paper trained whole networks.'

const signed = (value: number) => `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(3)}`

/** +0.012 [-0.003, +0.027] */
function differenceText(figure: Figure): string {
  if (!figure) return '-'
  const { estimate, low, high } = figure
  const interval = low === null || high === null ? '' : ` [${signed(low)}, ${signed(high)}]`
  return `${signed(estimate)}${interval}`
}

function parentsText({ parts }: Experiment['plan']): string {
  return [
    ...new Set(parts.flatMap(({ method, parentId }) => (parentId ? [`${method} ${parentId}`] : [])))
  ].join(', ')
}

export function describeExperiment({ summary, options, plan, parts, result }: Experiment): string {
  const runs = table(
    ['METHOD', 'SEED', 'STATE', 'VERSION', 'MACRO F1', 'MACRO AUROC'],
    parts.map(({ method, seed, state, modelId, macroF1, macroAuroc, error }) => [
      method,
      seed,
      error ? `${state}: ${error}` : state,
      modelId,
      figureText(macroF1),
      figureText(macroAuroc)
    ])
  )
  const head = fields([
    ['Experiment', summary.name],
    ['Id', summary.id],
    ['Set', `${summary.side} side of ${summary.split}`],
    ['State', summary.job.state],
    ...(options.scope === 'all'
      ? []
      : [['Trained', `${options.scope} of ${parentsText(plan)}`] satisfies [string, string]])
  ])
  if (!result) return [head, runs].join('\n\n')
  const spread = (value: number | null) => (value === null ? '-' : value.toFixed(3))
  const million = (count: number) => (count / 1e6).toFixed(2)
  return [
    head,
    fields([
      ['Films', `${result.films} of ${result.infants} infants`],
      ['Set, SHA-256', `${result.setHash}${result.sameSet ? '' : ' (labels changed between evaluations)'}`],
      [
        'Intervals',
        `95 % percentile, ${result.resamples} resamples of infants, seed ${result.seed}; SD over training seeds`
      ]
    ]),
    table(
      [
        'METHOD',
        'RUNS',
        'MACRO F1',
        'SD',
        'MACRO AUROC',
        'SD',
        `MACRO F1 LESS ${result.reference.toUpperCase()}`,
        'M PARAMETERS',
        'M WITHOUT HEAD',
        'PAPER: F1',
        'PAPER: MACRO AUROC',
        'PAPER: M'
      ],
      result.methods.map(row => {
        const paper = paperRow(row.method)
        return [
          row.method,
          row.runs,
          figureText(row.overall.macroF1),
          spread(row.spread.macroF1),
          figureText(row.overall.macroAuroc),
          spread(row.spread.macroAuroc),
          row.method === result.reference ? '-' : differenceText(row.difference.overall.macroF1),
          million(row.parameters.total),
          million(row.parameters.withoutHead),
          paper?.f1.toFixed(4) ?? '-',
          paper?.macroAuroc.toFixed(4) ?? '-',
          paper?.parameters.toFixed(2) ?? '-'
        ]
      })
    ),
    PAPER,
    ...(options.scope === 'all' ? [] : [PART]),
    runs
  ].join('\n\n')
}

export function describeClassDifferences({
  a,
  b,
  films,
  infants,
  resamples,
  classes,
  macroF1,
  weightedF1
}: ClassDifferences): string {
  const paper = (method: string) => PAPER_TABLE_2[method.replace(/-small$/, '')]
  const mean = (method: string) => paperMacroF1(method)?.toFixed(4) ?? '-'
  return [
    `${films} films of ${infants} infants; means over seeds; 95 % percentile intervals of ${resamples} resamples of infants, paired.`,
    table(
      ['F1 OF THE CLASS', a, b, `${b} LESS ${a}`, `PAPER: ${a}`, `PAPER: ${b}`],
      [
        ...classes.map(row => [
          row.diagnosis,
          figureText(row.a),
          figureText(row.b),
          differenceText(row.difference),
          paper(a)?.[row.diagnosis].toFixed(4) ?? '-',
          paper(b)?.[row.diagnosis].toFixed(4) ?? '-'
        ]),
        [
          'macro F1',
          figureText(macroF1.a),
          figureText(macroF1.b),
          differenceText(macroF1.difference),
          mean(a),
          mean(b)
        ],
        [
          'weighted F1',
          figureText(weightedF1.a),
          figureText(weightedF1.b),
          differenceText(weightedF1.difference),
          '-',
          '-'
        ]
      ]
    ),
    `${PAPER} The mean of its CCGN column is .8804; its Table 1 says .8728, which no averaging of the column gives.`
  ].join('\n\n')
}
