/**
 * Every figure of an evaluation, as one nested value: with numbers for leaves it is a place in a list of statistics, with
 * intervals it is the result. "Macro" is the unweighted mean over classes, "weighted" the mean weighted by films of the class.
 */
export interface Figures<Leaf> {
  overall: Record<OverallName, Leaf>
  /** One against the rest, in class order. */
  perClass: Record<ClassName, Leaf>[]
  /** null where only the summary was asked for. */
  curves: CurveFigures<Leaf> | null
  subgroups: SubgroupFigures<Leaf>[]
}

export const OVERALL = [
  'accuracy',
  'macroPrecision',
  'macroRecall',
  'macroSpecificity',
  'macroF1',
  'macroAuroc',
  'macroAuprc',
  'weightedPrecision',
  'weightedRecall',
  'weightedF1',
  'weightedAuroc',
  'weightedAuprc',
  'ece',
  'brier',
  'nll',
  'scaledEce',
  'scaledBrier',
  'scaledNll'
] as const
export type OverallName = (typeof OVERALL)[number]

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
export type ClassName = (typeof CLASS_FIGURES)[number]

export interface CurveFigures<Leaf> {
  perClass: {
    /** True positive rate at each rate of FALSE_POSITIVE_RATES. */
    roc: Leaf[]
    /** Precision at each recall of RECALLS. */
    precisionRecall: Leaf[]
    /** Net benefit of acting on the class at each probability of DECISION_THRESHOLDS, and of acting on every film. */
    netBenefit: Leaf[]
    treatAll: Leaf[]
    /** Share of films of the class among those whose probability lies in each of CLASS_BINS equal bins. */
    reliability: ReliabilityFigures<Leaf>
  }[]
  /** Accuracy among films whose highest probability lies in each of CONFIDENCE_BINS equal bins. */
  reliability: ReliabilityFigures<Leaf>
  /** The same after temperature scaling. */
  scaledReliability: ReliabilityFigures<Leaf>
}

export interface ReliabilityFigures<Leaf> {
  /** Mean probability in each bin. */
  confidence: Leaf[]
  /** Share that was right, or of the class, in each bin. */
  share: Leaf[]
}

export interface SubgroupFigures<Leaf> {
  accuracy: Leaf
  macroF1: Leaf
  weightedF1: Leaf
  macroAuroc: Leaf
  /** In class order. */
  f1: Leaf[]
  recall: Leaf[]
}

const steps = (from: number, to: number, count: number) =>
  Array.from({ length: count }, (_, i) => Number((from + ((to - from) * i) / (count - 1)).toFixed(6)))

export const FALSE_POSITIVE_RATES = steps(0, 1, 51)
export const RECALLS = steps(0.02, 1, 50)
export const DECISION_THRESHOLDS = steps(0.02, 0.98, 49)
/** Bins of equal width of the highest probability, as Guo et al. 2017 count the expected calibration error. */
export const CONFIDENCE_BINS = 15
export const CLASS_BINS = 10

/** Builds the nested value with the numbers 0, 1, 2 ... for leaves. @returns it, and how many there are */
export function placeFigures(
  classes: number,
  subgroups: number,
  withCurves: boolean
): { places: Figures<number>; count: number } {
  let count = 0
  const next = () => count++
  const list = (length: number) => Array.from({ length }, next)
  const record = <Name extends string>(names: readonly Name[]) =>
    Object.fromEntries(names.map(name => [name, next()])) as Record<Name, number>
  const each = <Value>(length: number, make: () => Value) => Array.from({ length }, make)
  const reliability = (bins: number) => ({ confidence: list(bins), share: list(bins) })
  const places: Figures<number> = {
    overall: record(OVERALL),
    perClass: each(classes, () => record(CLASS_FIGURES)),
    curves: withCurves
      ? {
          perClass: each(classes, () => ({
            roc: list(FALSE_POSITIVE_RATES.length),
            precisionRecall: list(RECALLS.length),
            netBenefit: list(DECISION_THRESHOLDS.length),
            treatAll: list(DECISION_THRESHOLDS.length),
            reliability: reliability(CLASS_BINS)
          })),
          reliability: reliability(CONFIDENCE_BINS),
          scaledReliability: reliability(CONFIDENCE_BINS)
        }
      : null,
    subgroups: each(subgroups, () => ({
      ...record(['accuracy', 'macroF1', 'weightedF1', 'macroAuroc'] as const),
      f1: list(classes),
      recall: list(classes)
    }))
  }
  return { places, count }
}

/** The same nested value with other leaves. */
export function mapFigures<Leaf>(places: Figures<number>, leafOf: (place: number) => Leaf): Figures<Leaf> {
  const walk = (value: unknown): unknown => {
    if (typeof value === 'number') return leafOf(value)
    if (Array.isArray(value)) return value.map(walk)
    if (value === null) return null
    return Object.fromEntries(Object.entries(value as object).map(([name, inner]) => [name, walk(inner)]))
  }
  return walk(places) as Figures<Leaf>
}
