import {
  DIAGNOSES,
  type Evaluation,
  type EvaluationControl,
  type EvaluationWarning,
  type Figure,
  type Grouping,
  type OverallFigure
} from '../../contract'
import { fields, table } from '../output'

const OVERALL: [OverallFigure, string][] = [
  ['accuracy', 'Accuracy'],
  ['macroF1', 'Macro F1'],
  ['weightedF1', 'Weighted F1'],
  ['macroAuroc', 'Macro AUROC'],
  ['weightedAuroc', 'Weighted AUROC'],
  ['macroAuprc', 'Macro AUPRC'],
  ['macroPrecision', 'Macro precision'],
  ['macroRecall', 'Macro recall'],
  ['macroSpecificity', 'Macro specificity'],
  ['ece', 'ECE, 15 bins'],
  ['scaledEce', 'ECE, temperature-scaled'],
  ['brier', 'Brier score (0 to 2)'],
  ['nll', 'Negative log-likelihood']
]

const WARNINGS: Record<EvaluationWarning['code'], (count: number) => string> = {
  'learnt-from': n => `${n} of these films may have been learnt from: the figures flatter the version.`,
  'unknown-training': () => 'Which films the version learnt from is not recorded in this project.',
  'stopped-by': n => `${n} of these films chose when training stopped: the figures flatter the version.`,
  untrained: () => 'The version is untrained: its answers mean nothing.',
  'calibrated-here': () => 'Temperature and thresholds were fitted on these very films.',
  'not-calibrated': () => 'Too few validation films to fit temperature and thresholds on.',
  'context-imputed': n => `${n} films lack GA or BW; the cohort’s mean stands in for it.`,
  'few-infants': n => `Only ${n} infants: the intervals are wide, and too narrow all the same.`,
  'class-missing': () => 'No film of the class: what is averaged over classes leaves it out.',
  relabelled: n => `${n} films have another label than when the split was made.`,
  unlabelled: n => `${n} films were left out: no label.`,
  unreadable: n => `${n} films were left out: they could not be read.`,
  'implausible-context': n => `${n} films were left out: implausible GA or BW.`,
  'test-left-out': n => `${n} films were left out: they are on a locked test side.`
}

const CONTROLS: Record<EvaluationControl, string> = {
  'context-logistic': 'GA and BW alone, logistic',
  'context-mlp': 'GA and BW alone, perceptron',
  'age-mlp': 'Postnatal age alone, perceptron',
  'shuffled-context': 'Model, another infant’s GA and BW',
  'blank-image': 'Model, black film'
}

const GROUPING_NAMES: Record<Grouping, string> = {
  site: 'Site',
  gaBand: 'GA, weeks',
  bwBand: 'BW, g',
  ageBand: 'Age at film',
  sex: 'Sex',
  viewPosition: 'View'
}

/** 0.873 [0.861, 0.884] */
export function figureText(figure: Figure, digits = 3): string {
  if (!figure) return '-'
  const { estimate, low, high } = figure
  const interval = low === null || high === null ? '' : ` [${low.toFixed(digits)}, ${high.toFixed(digits)}]`
  return `${estimate.toFixed(digits)}${interval}`
}

export function describeEvaluation(evaluation: Evaluation): string {
  const { summary, warnings, calibration } = evaluation
  return [
    fields([
      ['Evaluation', summary.id],
      ['Version', `${summary.modelName} (${summary.method})`],
      ['Set', describeSet(summary.set)],
      ['Films', `${summary.films} of ${summary.infants} infants`],
      ['Set, SHA-256', summary.setHash],
      ['Intervals', `95 % percentile, ${evaluation.resamples} resamples of infants, seed ${evaluation.seed}`]
    ]),
    ...(warnings.length > 0
      ? [
          warnings
            .map(
              ({ code, count, diagnosis }) => `! ${diagnosis ? `${diagnosis}: ` : ''}${WARNINGS[code](count)}`
            )
            .join('\n')
        ]
      : []),
    fields(OVERALL.map(([name, label]) => [label, figureText(evaluation.overall[name])])),
    table(
      ['LABEL \\ ANSWER', ...DIAGNOSES],
      evaluation.confusion.map((row, label) => [DIAGNOSES[label]!, ...row])
    ),
    table(
      ['CLASS', 'FILMS', 'PRECISION', 'RECALL', 'SPECIFICITY', 'F1 OF THE CLASS', 'AUROC', 'AUPRC'],
      evaluation.perClass.map((figures, k) => [
        DIAGNOSES[k]!,
        evaluation.confusion[k]!.reduce((sum, count) => sum + count, 0),
        ...(['precision', 'recall', 'specificity', 'f1', 'auroc', 'auprc'] as const).map(name =>
          figureText(figures[name])
        )
      ])
    ),
    table(
      ['SUBGROUP', 'VALUE', 'FILMS', 'INFANTS', 'ACCURACY', 'MACRO F1', 'MACRO AUROC'],
      evaluation.subgroups.map(group => [
        GROUPING_NAMES[group.grouping],
        group.value,
        group.films,
        group.infants,
        figureText(group.accuracy),
        figureText(group.macroF1),
        figureText(group.macroAuroc)
      ])
    ),
    ...(evaluation.controls.length > 0
      ? [
          table(
            ['CONTROL', 'MACRO F1', 'MACRO AUROC', 'LESS THE MODEL, MACRO AUROC'],
            evaluation.controls.map(({ control, overall, difference }) => [
              CONTROLS[control],
              figureText(overall.macroF1),
              figureText(overall.macroAuroc),
              figureText(difference.overall.macroAuroc)
            ])
          )
        ]
      : []),
    ...(calibration
      ? [
          fields([
            ['Temperature', calibration.temperature.toFixed(3)],
            [
              'Thresholds',
              DIAGNOSES.map((name, k) => `${name} ${calibration.thresholds[k]?.toFixed(3) ?? '-'}`).join(', ')
            ],
            ['Fitted on', `${calibration.films} validation films of ${calibration.split}`]
          ])
        ]
      : [])
  ].join('\n\n')
}

function describeSet({ kind, split, side, reason }: Evaluation['summary']['set']): string {
  if (kind === 'all') return 'all labelled films outside of locked test sides'
  return `${side} side of ${split!.name}${reason === null ? '' : ` (opened: ${reason})`}`
}
