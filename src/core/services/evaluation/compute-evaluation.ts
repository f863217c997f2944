import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Evaluation } from '../../../contract'
import {
  bootstrapFigures,
  createStatistics,
  curvePoints,
  DECISION_THRESHOLDS,
  FALSE_POSITIVE_RATES,
  predictedClasses,
  RECALLS,
  type Bootstrap,
  type Calibration,
  type Cases,
  type Figure,
  type SubgroupFigures
} from '../../ml/evaluation'
import { confusionMatrix } from '../../ml/metrics'
import type { FilmRow } from '../../study-store'
import type { ControlAnswers } from './controls'
import { groupFilms } from './groupings'

/** The bootstrap lets other work in after this long. */
const TURN_MS = 15

export interface Computation {
  cases: Cases
  rows: readonly FilmRow[]
  calibration: Calibration | null
  controls: readonly ControlAnswers[]
  resamples: number
  seed: number
  signal: AbortSignal
  progress(done: number, total: number): void
}

type Computed = Pick<Evaluation, 'confusion' | 'overall' | 'perClass' | 'curves' | 'subgroups' | 'controls'>

/** Every figure of an evaluation; model and controls are judged on the same resamples of infants. */
export async function computeEvaluation({
  cases,
  rows,
  calibration,
  controls,
  ...options
}: Computation): Promise<Computed> {
  const { groupings, subgroups } = groupFilms(rows)
  const statistics = [
    createStatistics(cases, { calibration, groupings, detail: true }),
    ...controls.map(({ logits }) =>
      createStatistics({ ...cases, logits }, { calibration: null, groupings: [], detail: false })
    )
  ]
  const { figures, differences } = await bootstrapInTurns(cases.infants, statistics, options)
  const [model, ...ofControls] = figures
  const { overall, perClass, curves } = model!
  return {
    confusion: confusionMatrix(cases.truth, predictedClasses(cases), cases.classes).map(row => [...row]),
    overall,
    perClass,
    curves: {
      falsePositiveRates: [...FALSE_POSITIVE_RATES],
      recalls: [...RECALLS],
      decisionThresholds: [...DECISION_THRESHOLDS],
      perClass: curves!.perClass.map((curve, k) => {
        const { roc, precisionRecall } = curvePoints(cases, k)
        return { ...curve, rocPoints: roc, precisionRecallPoints: precisionRecall }
      }),
      reliability: curves!.reliability,
      scaledReliability: curves!.scaledReliability
    },
    subgroups: subgroups.map((group, i) => ({
      ...group,
      ...(group.infants > 1 ? model!.subgroups[i]! : withoutIntervals(model!.subgroups[i]!))
    })),
    controls: controls.map(({ control, fittedOn, crossFitted }, i) => ({
      control,
      fittedOn,
      crossFitted,
      overall: ofControls[i]!.overall,
      perClass: ofControls[i]!.perClass,
      difference: differences[i + 1]!
    }))
  }
}

/** One infant cannot be resampled: an interval would be a point, as if it were certain. */
function withoutIntervals(group: SubgroupFigures<Figure>): SubgroupFigures<Figure> {
  const bare = (figure: Figure) => figure && { estimate: figure.estimate, low: null, high: null }
  return {
    accuracy: bare(group.accuracy),
    macroF1: bare(group.macroF1),
    weightedF1: bare(group.weightedF1),
    macroAuroc: bare(group.macroAuroc),
    f1: group.f1.map(bare),
    recall: group.recall.map(bare)
  }
}

export async function bootstrapInTurns(
  infants: Int32Array,
  statistics: Parameters<typeof bootstrapFigures>[1],
  { resamples, seed, signal, progress }: Pick<Computation, 'resamples' | 'seed' | 'signal' | 'progress'>
): Promise<Bootstrap> {
  let turn = performance.now()
  const steps = bootstrapFigures(infants, statistics, { resamples, seed })
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value
    if (performance.now() - turn < TURN_MS) continue
    signal.throwIfAborted()
    progress(step.value, resamples)
    await nextTurn()
    turn = performance.now()
  }
}
