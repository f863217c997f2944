import { intervalOfSorted, resampleWeights } from '../metrics'
import { mapFigures, type Figures } from './figures'
import type { Statistics } from './statistics'

export interface FigureInterval {
  estimate: number
  /** Ends of the 95 % percentile interval over infants; null where no resample had the figure. */
  low: number | null
  high: number | null
}
/** null where the figure does not exist on these films. */
export type Figure = FigureInterval | null

export const LEVEL = 0.95

/** One model's statistics on all resamples, column by column. */
interface Columns {
  statistics: Statistics
  estimates: Float64Array
  /** [count][resamples] */
  columns: Float64Array[]
}

export interface Bootstrap {
  /** Figures of each model with their intervals, in the order given. */
  figures: Figures<Figure>[]
  /** Of each model less the first, on the same resamples (paired); overall and per-class figures only. */
  differences: Pick<Figures<Figure>, 'overall' | 'perClass'>[]
}

/**
 * Figures of models on the same films with 95 % percentile intervals. Infants are drawn with replacement, as many as there are,
 * all films of one together; every model is judged on the same draws. Yields after each resample, so that the caller can let
 * other work in between.
 */
export function* bootstrapFigures(
  infants: Int32Array,
  models: readonly Statistics[],
  { resamples, seed }: { resamples: number; seed: number }
): Generator<number, Bootstrap> {
  const once = new Float64Array(infants.length).fill(1)
  const all: Columns[] = models.map(statistics => {
    const estimates = new Float64Array(statistics.count)
    statistics.compute(once, estimates)
    return {
      statistics,
      estimates,
      columns: Array.from({ length: statistics.count }, () => new Float64Array(resamples))
    }
  })
  const outs = models.map(({ count }) => new Float64Array(count))
  let draw = 0
  for (const weights of resampleWeights(infants, { resamples, seed })) {
    all.forEach(({ statistics, columns }, m) => {
      const out = outs[m]!
      statistics.compute(weights, out)
      for (let i = 0; i < out.length; i++) columns[i]![draw] = out[i]!
    })
    yield ++draw
  }
  // First the differences: what follows sorts the columns.
  const differences = all.map(model => differenceOf(all[0]!, model))
  const figures = all.map(({ statistics, estimates, columns }) =>
    mapFigures(statistics.places, place => figureOf(estimates[place]!, columns[place]!))
  )
  return { figures, differences }
}

function differenceOf(first: Columns, other: Columns): Bootstrap['differences'][number] {
  // Both lay overall and per-class figures out first, in the same order.
  const { overall, perClass } = mapFigures(
    { ...other.statistics.places, curves: null, subgroups: [] },
    place =>
      figureOf(
        other.estimates[place]! - first.estimates[place]!,
        other.columns[place]!.map((value, draw) => value - first.columns[place]![draw]!)
      )
  )
  return { overall, perClass }
}

/** Sorts the values. */
function figureOf(estimate: number, values: Float64Array): Figure {
  if (!Number.isFinite(estimate)) return null
  // NaN is sorted to the end.
  const missing = values.sort().findIndex(Number.isNaN)
  const bounds = intervalOfSorted(missing === -1 ? values : values.subarray(0, missing), LEVEL)
  return { estimate, low: bounds?.low ?? null, high: bounds?.high ?? null }
}
