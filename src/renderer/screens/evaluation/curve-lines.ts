import { DIAGNOSES, type Diagnosis, type Evaluation, type Figure } from '../../../contract'

export interface CurveLine {
  key: string
  /** CSS colour. */
  colour: string
  points: [x: number, y: number][]
  /** [x, low, high]; empty for none. */
  band: [number, number, number][]
  faint: boolean
  dashed: boolean
  dots: boolean
}

type Curves = Evaluation['curves']

const plain = { band: [], faint: false, dashed: false, dots: false } satisfies Partial<CurveLine>
const colourOf = (diagnosis: Diagnosis) => `var(--class-${diagnosis})`

/** Every class faintly, the chosen one in full with its interval, last so that it lies on top. */
function ofClasses(
  chosen: Diagnosis,
  points: (k: number) => [number, number][],
  band: (k: number) => CurveLine['band']
): CurveLine[] {
  const last = [...DIAGNOSES].sort((a, b) => Number(a === chosen) - Number(b === chosen))
  return last.map(diagnosis => {
    const k = DIAGNOSES.indexOf(diagnosis)
    const isChosen = diagnosis === chosen
    return {
      ...plain,
      key: diagnosis,
      colour: colourOf(diagnosis),
      points: points(k),
      band: isChosen ? band(k) : [],
      faint: !isChosen
    }
  })
}

export function rocLines({ perClass, falsePositiveRates }: Curves, chosen: Diagnosis): CurveLine[] {
  return ofClasses(
    chosen,
    k => perClass[k]!.rocPoints,
    k => bandOf(falsePositiveRates, perClass[k]!.roc)
  )
}

export function precisionRecallLines({ perClass, recalls }: Curves, chosen: Diagnosis): CurveLine[] {
  return ofClasses(
    chosen,
    k => perClass[k]!.precisionRecallPoints,
    k => bandOf(recalls, perClass[k]!.precisionRecall)
  )
}

/** Net benefit of acting on the class, beside acting on every film and on none. */
export function decisionLines({ perClass, decisionThresholds }: Curves, chosen: Diagnosis): CurveLine[] {
  const { netBenefit, treatAll } = perClass[DIAGNOSES.indexOf(chosen)]!
  return [
    {
      ...plain,
      key: 'none',
      colour: 'var(--text-faint)',
      points: [
        [0, 0],
        [1, 0]
      ],
      dashed: true
    },
    {
      ...plain,
      key: 'all',
      colour: 'var(--text-faint)',
      points: existing(decisionThresholds, treatAll)
    },
    {
      ...plain,
      key: chosen,
      colour: colourOf(chosen),
      points: existing(decisionThresholds, netBenefit),
      band: bandOf(decisionThresholds, netBenefit)
    }
  ]
}

/** Observed share against mean probability, of the class and of the highest probability before and after scaling. */
export function reliabilityLines(curves: Curves, chosen: Diagnosis): CurveLine[] {
  return [
    binLine('all', 'var(--text-muted)', curves.reliability, { dashed: true }),
    binLine('scaled', 'var(--accent)', curves.scaledReliability, {}),
    binLine(chosen, colourOf(chosen), curves.perClass[DIAGNOSES.indexOf(chosen)]!.reliability, { dots: true })
  ]
}

function binLine(
  key: string,
  colour: string,
  { confidence, share }: Curves['reliability'],
  look: Partial<CurveLine>
): CurveLine {
  const filled = confidence.flatMap((mean, bin) => {
    const observed = share[bin]!
    return mean && observed ? [{ x: mean.estimate, observed }] : []
  })
  return {
    ...plain,
    ...look,
    key,
    colour,
    points: filled.map(({ x, observed }) => [x, observed.estimate]),
    band: look.dots
      ? filled.flatMap(({ x, observed: { low, high } }): CurveLine['band'] =>
          low === null || high === null ? [] : [[x, low, high]]
        )
      : []
  }
}

function existing(xs: readonly number[], figures: readonly Figure[]): CurveLine['points'] {
  return figures.flatMap((figure, i): CurveLine['points'] => (figure ? [[xs[i]!, figure.estimate]] : []))
}

function bandOf(xs: readonly number[], figures: readonly Figure[]): CurveLine['band'] {
  return figures.flatMap((figure, i): CurveLine['band'] =>
    figure && figure.low !== null && figure.high !== null ? [[xs[i]!, figure.low, figure.high]] : []
  )
}
