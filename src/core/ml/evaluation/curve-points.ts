import { probabilitiesOf, type Cases } from './cases'

/** Corners of a class's curves; every step of the data, unless there are more than can be drawn. */
export interface CurvePoints {
  /** [false positive rate, true positive rate], from (0, 0) to (1, 1). */
  roc: [number, number][]
  /** [recall, precision], by rising recall. */
  precisionRecall: [number, number][]
}

/** More corners than this are thinned evenly. */
const MOST_POINTS = 400

/** @returns empty curves without a film of the class or without one of another */
export function curvePoints(cases: Cases, k: number): CurvePoints {
  const { classes, truth } = cases
  const probabilities = probabilitiesOf(cases)
  const score = (film: number) => probabilities[film * classes + k]!
  const order = Int32Array.from(truth.keys()).sort((a, b) => score(b) - score(a))
  const positives = truth.reduce((sum, label) => sum + (label === k ? 1 : 0), 0)
  const negatives = truth.length - positives
  if (positives === 0 || negatives === 0) return { roc: [], precisionRecall: [] }
  const steps: [tp: number, fp: number][] = [[0, 0]]
  let tp = 0
  let fp = 0
  order.forEach((film, i) => {
    if (truth[film] === k) tp++
    else fp++
    if (i === order.length - 1 || score(order[i + 1]!) !== score(film)) steps.push([tp, fp])
  })
  const roc = corners(steps)
  return {
    roc: thinned(roc).map(([hits, misses]) => [misses / negatives, hits / positives]),
    precisionRecall: thinned(
      steps.slice(1).filter(([hits], i, kept) => hits > 0 && hits !== kept[i - 1]?.[0])
    ).map(([hits, misses]) => [hits / positives, hits / (hits + misses)])
  }
}

/** Leaves out what lies on a straight line between its neighbours. */
function corners(steps: [number, number][]): [number, number][] {
  return steps.filter(([tp, fp], i) => {
    const before = steps[i - 1]
    const after = steps[i + 1]
    if (!before || !after) return true
    return (tp - before[0]) * (after[1] - fp) !== (after[0] - tp) * (fp - before[1])
  })
}

function thinned<Point>(points: Point[]): Point[] {
  if (points.length <= MOST_POINTS) return points
  const stride = (points.length - 1) / (MOST_POINTS - 1)
  return Array.from({ length: MOST_POINTS }, (_, i) => points[Math.round(i * stride)]!)
}
