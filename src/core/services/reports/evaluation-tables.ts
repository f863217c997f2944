import type {
  Evaluation,
  EvaluationControl,
  EvaluationWarning,
  Grouping,
  OverallFigure
} from '../../../contract'
import { DIAGNOSES } from '../../domain'
import type { Block } from '../../report'
import { differenceText, figureText } from './figure-text'

const OVERALL: [OverallFigure, string][] = [
  ['accuracy', 'Accuracy'],
  ['macroF1', 'Macro F1'],
  ['weightedF1', 'Weighted F1'],
  ['macroAuroc', 'Macro AUROC'],
  ['weightedAuroc', 'Weighted AUROC'],
  ['macroAuprc', 'Macro AUPRC'],
  ['weightedAuprc', 'Weighted AUPRC'],
  ['macroPrecision', 'Macro precision'],
  ['macroRecall', 'Macro recall'],
  ['macroSpecificity', 'Macro specificity'],
  ['ece', 'ECE, as it is'],
  ['scaledEce', 'ECE, temperature-scaled'],
  ['brier', 'Brier score, as it is'],
  ['scaledBrier', 'Brier score, temperature-scaled'],
  ['nll', 'Log loss (nats), as it is'],
  ['scaledNll', 'Log loss (nats), temperature-scaled']
]

const WARNINGS: Record<EvaluationWarning['code'], (count: number) => string> = {
  'learnt-from': n => `${n} of these films may have been learnt from: the figures flatter the version.`,
  'unknown-training': () => 'Which films the version learnt from is not recorded in this project.',
  'stopped-by': n => `${n} of these films chose when training stopped: the figures flatter the version.`,
  untrained: () => 'The version is untrained: its answers mean nothing.',
  'calibrated-here': () => 'Temperature and thresholds were fitted on these very films.',
  'not-calibrated': () => 'There were too few validation films to fit temperature and thresholds on.',
  'context-imputed': n =>
    `${n} films lack gestational age or birth weight; the cohort’s mean stands in for it.`,
  'few-infants': n => `Only ${n} infants: the intervals are wide, and too narrow all the same.`,
  'class-missing': () => 'no film has this label; averages over classes leave it out.',
  relabelled: n => `${n} films have another label than when the split was made.`,
  unlabelled: n => `${n} films were left out: no label.`,
  unreadable: n => `${n} films were left out: they could not be read.`,
  'implausible-context': n => `${n} films were left out: implausible gestational age or birth weight.`,
  'test-left-out': n => `${n} films were left out: they are on a locked test side.`
}

const GROUPINGS: Record<Grouping, string> = {
  site: 'Site',
  gaBand: 'Gestational age, weeks',
  bwBand: 'Birth weight, g',
  ageBand: 'Age at film',
  sex: 'Sex',
  viewPosition: 'View'
}

const CONTROLS: Record<EvaluationControl, string> = {
  'context-logistic': 'GA and BW alone, logistic regression',
  'context-mlp': 'GA and BW alone, perceptron',
  'age-mlp': 'Postnatal age alone, perceptron',
  'shuffled-context': 'The version, another infant’s GA and BW',
  'blank-image': 'The version, black image'
}

export function warningList({ warnings }: Evaluation): Block[] {
  if (warnings.length === 0) return []
  const items = warnings.map(
    ({ code, count, diagnosis }) => `${diagnosis ? `${diagnosis}: ` : ''}${WARNINGS[code](count)}`
  )
  return [
    { kind: 'heading', level: 2, text: 'To bear in mind' },
    { kind: 'list', items }
  ]
}

export function overallTable({ overall, summary }: Evaluation): Block {
  return {
    kind: 'table',
    caption: `Over all classes: ${summary.films} films of ${summary.infants} infants`,
    columns: [
      { title: 'Figure', width: 0.5 },
      { title: 'Estimate (95 % interval)', width: 0.5, numeric: true }
    ],
    rows: OVERALL.map(([name, label]) => [label, figureText(overall[name])])
  }
}

export function classTables({ perClass, confusion, calibration }: Evaluation): Block[] {
  const films = (k: number) => String(confusion[k]!.reduce((sum, count) => sum + count, 0))
  const numeric = (titles: string[], width: number) => titles.map(title => ({ title, width, numeric: true }))
  return [
    {
      kind: 'table',
      caption: 'Each class against the rest, answers by highest probability',
      columns: [
        { title: 'Class', width: 0.13 },
        { title: 'Films', width: 0.07, numeric: true },
        ...numeric(['Precision', 'Recall', 'Specificity', 'F1 of the class'], 0.2)
      ],
      rows: DIAGNOSES.map((name, k) => [
        name,
        films(k),
        ...(['precision', 'recall', 'specificity', 'f1'] as const).map(figure =>
          figureText(perClass[k]![figure])
        )
      ])
    },
    {
      kind: 'table',
      caption: 'Each class against the rest, by its probability and at its threshold',
      columns: [
        { title: 'Class', width: 0.12 },
        ...numeric(['AUROC', 'AUPRC', 'Sensitivity at threshold', 'Specificity at threshold'], 0.195),
        { title: 'Threshold', width: 0.1, numeric: true }
      ],
      rows: DIAGNOSES.map((name, k) => [
        name,
        ...(['auroc', 'auprc', 'sensitivityAtThreshold', 'specificityAtThreshold'] as const).map(figure =>
          figureText(perClass[k]![figure])
        ),
        calibration?.thresholds[k]?.toFixed(3) ?? '–'
      ])
    }
  ]
}

export function subgroupTable({ subgroups }: Evaluation): Block {
  const rows = subgroups.map(group => [
    GROUPINGS[group.grouping],
    group.value,
    String(group.films),
    String(group.infants),
    figureText(group.accuracy),
    figureText(group.macroF1),
    figureText(group.macroAuroc)
  ])
  return {
    kind: 'table',
    caption:
      'Subgroups; macro figures are over the classes that occur in the group, and one infant has no interval',
    columns: [
      { title: 'Subgroup', width: 0.16 },
      { title: '', width: 0.13 },
      { title: 'Films', width: 0.07, numeric: true },
      { title: 'Infants', width: 0.07, numeric: true },
      ...['Accuracy', 'Macro F1', 'Macro AUROC'].map(title => ({ title, width: 0.19, numeric: true }))
    ],
    // The name of a grouping stands once.
    rows: rows.map((row, i) => (rows[i - 1]?.[0] === row[0] ? ['', ...row.slice(1)] : row))
  }
}

export function controlTable({ controls, overall }: Evaluation): Block[] {
  if (controls.length === 0) return []
  return [
    {
      kind: 'table',
      caption: 'Shortcut controls on the same films and resamples',
      columns: [
        { title: 'Control', width: 0.34 },
        ...['Macro F1', 'Macro AUROC', 'Macro AUROC less the version’s'].map(title => ({
          ...{ title, width: 0.22, numeric: true }
        }))
      ],
      rows: [
        ['The version', figureText(overall.macroF1), figureText(overall.macroAuroc), ''],
        ...controls.map(({ control, overall: own, difference }) => [
          CONTROLS[control],
          figureText(own.macroF1),
          figureText(own.macroAuroc),
          differenceText(difference.overall.macroAuroc)
        ])
      ]
    }
  ]
}
