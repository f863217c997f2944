import { CLASS_FIGURES, OVERALL_FIGURES, type Evaluation, type Figure } from '../../../contract'
import { DIAGNOSES } from '../../domain'
import { RESEARCH_NOTICE } from '../../model-registry'
import { csvLine } from '../csv-cells'

/** `value` is where on an axis, which group, or the label of a cell; `figure` what was counted or computed. */
const COLUMNS = [
  'section',
  'value',
  'class',
  'figure',
  'estimate',
  'low',
  'high',
  'films',
  'infants',
  'notice'
]

interface Line {
  section: string
  value?: string | number
  diagnosis?: string
  figure: string
  is: Figure | number
  films?: number
  infants?: number
}

/** Every number of an evaluation, one a line, with its 95 % interval. */
export function evaluationCsv(evaluation: Evaluation): string {
  return csvOf([
    ...scores(evaluation),
    ...counts(evaluation),
    ...curveLines(evaluation),
    ...groups(evaluation),
    ...controls(evaluation)
  ])
}

export function csvOf(lines: readonly Line[]): string {
  const rows = lines.map(({ section, value, diagnosis, figure, is, films, infants }) => {
    const bounds = typeof is === 'number' ? { estimate: is, low: null, high: null } : is
    return csvLine([
      ...[section, value ?? null, diagnosis ?? null, figure],
      ...[bounds?.estimate ?? null, bounds?.low ?? null, bounds?.high ?? null],
      ...[films ?? null, infants ?? null, RESEARCH_NOTICE]
    ])
  })
  return `\ufeff${[csvLine(COLUMNS), ...rows].join('\r\n')}\r\n`
}

const films = (row: readonly number[]) => row.reduce((sum, count) => sum + count, 0)

function scores({ overall, perClass, confusion, calibration, summary }: Evaluation): Line[] {
  const { films: all, infants } = summary
  return [
    ...OVERALL_FIGURES.map(figure => ({
      section: 'overall',
      figure,
      is: overall[figure],
      films: all,
      infants
    })),
    ...DIAGNOSES.flatMap((diagnosis, k) =>
      CLASS_FIGURES.map(figure => ({
        ...{ section: 'class', diagnosis, figure, is: perClass[k]![figure] },
        films: films(confusion[k]!)
      }))
    ),
    ...(calibration
      ? [
          {
            section: 'calibration',
            figure: 'temperature',
            is: calibration.temperature,
            films: calibration.films
          },
          ...DIAGNOSES.flatMap((diagnosis, k): Line[] => {
            const threshold = calibration.thresholds[k]
            return typeof threshold === 'number'
              ? [
                  {
                    section: 'calibration',
                    diagnosis,
                    figure: 'threshold',
                    is: threshold,
                    films: calibration.films
                  }
                ]
              : []
          })
        ]
      : [])
  ]
}

function counts({ confusion }: Evaluation): Line[] {
  return DIAGNOSES.flatMap((label, row) =>
    DIAGNOSES.map((answer, column) => ({
      ...{ section: 'confusion', value: `label ${label}`, diagnosis: `answer ${answer}` },
      ...{ figure: 'films', is: confusion[row]![column]! }
    }))
  )
}

function curveLines({ curves }: Evaluation): Line[] {
  const along = (
    section: string,
    figure: string,
    grid: readonly number[],
    is: readonly Figure[],
    diagnosis?: string
  ) =>
    grid.map((value, i): Line => ({
      ...{ section, value, figure, is: is[i] ?? null },
      ...(diagnosis === undefined ? {} : { diagnosis })
    }))
  const bins = (section: string, { confidence, share }: typeof curves.reliability, diagnosis?: string) => {
    const grid = confidence.map((_, bin) => bin + 1)
    return [
      ...along(section, 'mean probability in bin', grid, confidence, diagnosis),
      ...along(section, 'observed share in bin', grid, share, diagnosis)
    ]
  }
  return [
    ...DIAGNOSES.flatMap((diagnosis, k) => {
      const own = curves.perClass[k]!
      return [
        ...along(
          'roc',
          'true positive rate at false positive rate',
          curves.falsePositiveRates,
          own.roc,
          diagnosis
        ),
        ...along('precision-recall', 'precision at recall', curves.recalls, own.precisionRecall, diagnosis),
        ...along(
          'decision',
          'net benefit at threshold',
          curves.decisionThresholds,
          own.netBenefit,
          diagnosis
        ),
        ...along(
          'decision',
          'net benefit of acting on all',
          curves.decisionThresholds,
          own.treatAll,
          diagnosis
        ),
        ...bins('class-reliability', own.reliability, diagnosis)
      ]
    }),
    ...bins('reliability', curves.reliability),
    ...bins('scaled-reliability', curves.scaledReliability)
  ]
}

function groups({ subgroups }: Evaluation): Line[] {
  return subgroups.flatMap(group => {
    const whole = { section: `subgroup ${group.grouping}`, value: group.value }
    const size = { films: group.films, infants: group.infants }
    return [
      ...(['accuracy', 'macroF1', 'weightedF1', 'macroAuroc'] as const).map(figure => ({
        ...{ ...whole, ...size, figure, is: group[figure] }
      })),
      ...DIAGNOSES.flatMap((diagnosis, k) => [
        { ...whole, diagnosis, figure: 'f1', is: group.f1[k]!, films: group.support[k]! },
        { ...whole, diagnosis, figure: 'recall', is: group.recall[k]!, films: group.support[k]! }
      ])
    ]
  })
}

function controls(evaluation: Evaluation): Line[] {
  return evaluation.controls.flatMap(({ control, overall, perClass, difference }) => {
    const of = (section: string, { overall: all, perClass: each }: typeof difference): Line[] => [
      ...OVERALL_FIGURES.map(figure => ({ section, value: control, figure, is: all[figure] })),
      ...DIAGNOSES.flatMap((diagnosis, k) =>
        CLASS_FIGURES.map(figure => ({ section, value: control, diagnosis, figure, is: each[k]![figure] }))
      )
    ]
    return [...of('control', { overall, perClass }), ...of('control less model', difference)]
  })
}
