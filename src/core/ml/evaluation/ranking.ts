/** How often each film counts. */
export type Weights = Float64Array

/** What is read off while films are walked from the highest score down, for one weight per film. */
export interface RankedArea {
  /** Area under the ROC curve, ties counting one half; NaN without a positive or without a negative. */
  auroc: number
  /** Average precision: sum of (R_n - R_n-1) P_n over distinct score; NaN without a positive. */
  averagePrecision: number
}

/** Films in order of falling score; sorted once, walked once per resample. */
export interface Ranking {
  /** @param weights how often each film of the whole set counts */
  areas(weights: Weights): RankedArea
  /** Reads off the curves. @param positives and @param n films of the class, and all, counted by weight */
  curves(weights: Weights, positives: number, n: number, sheet: CurveSheet): void
}

/** Where `curves` writes what it reads off, each at the places of the grids given to `rank`. */
export interface CurveSheet {
  /** True positive rate at each false positive rate, by linear interpolation. */
  sensitivity: Float64Array
  /** Precision at the highest score whose recall is at least that of the grid. */
  precision: Float64Array
  /** TP/n - FP/n * t/(1-t) for the films that score at least t (Vickers & Elkin 2006). */
  netBenefit: Float64Array
}

export interface Grids {
  /** Ascending, 0 to 1. */
  falsePositiveRates: readonly number[]
  /** Ascending, above 0 to 1. */
  recalls: readonly number[]
  /** Ascending, between 0 and 1. */
  thresholds: readonly number[]
}

/** Films by falling score. */
export function orderByScore(films: number, score: (film: number) => number): Int32Array {
  return Int32Array.from({ length: films }, (_, film) => film).sort((a, b) => score(b) - score(a))
}

/** @param order films by falling score; the others are told by film */
export function rank(
  order: Int32Array,
  score: (film: number) => number,
  positive: (film: number) => boolean,
  grids: Grids = { falsePositiveRates: [], recalls: [], thresholds: [] }
): Ranking {
  const size = order.length
  const hit = Float64Array.from(order, film => (positive(film) ? 1 : 0))
  const last = Uint8Array.from(order, (film, i) =>
    i === size - 1 || score(order[i + 1]!) !== score(film) ? 1 : 0
  )
  /** For each threshold, how many of the order score at least that. */
  const cuts = grids.thresholds.map(threshold => order.findIndex(film => score(film) < threshold))
  cuts.forEach((cut, i) => (cuts[i] = cut === -1 ? size : cut))

  const tied = last.includes(0)

  /** Without ties every film is a step of the curve of its own: only positives move precision, only negatives area. */
  function areasWithoutTies(weights: Weights): RankedArea {
    let tp = 0
    let fp = 0
    let area = 0
    let precisionSum = 0
    for (let i = 0; i < size; i++) {
      const weight = weights[order[i]!]!
      if (weight === 0) continue
      if (hit[i] === 1) {
        tp += weight
        precisionSum += (weight * tp) / (tp + fp)
      } else {
        fp += weight
        area += weight * tp
      }
    }
    return { auroc: area / (tp * fp), averagePrecision: precisionSum / tp }
  }

  function areasWithTies(weights: Weights): RankedArea {
    let tp = 0
    let fp = 0
    let tpBefore = 0
    let fpBefore = 0
    let area = 0
    let precisionSum = 0
    for (let i = 0; i < size; i++) {
      const weight = weights[order[i]!]!
      if (hit[i] === 1) tp += weight
      else fp += weight
      if (last[i] === 0) continue
      area += (fp - fpBefore) * (tp + tpBefore)
      if (tp > tpBefore) precisionSum += ((tp - tpBefore) * tp) / (tp + fp)
      tpBefore = tp
      fpBefore = fp
    }
    return { auroc: area / (2 * tp * fp), averagePrecision: precisionSum / tp }
  }

  const areas = tied ? areasWithTies : areasWithoutTies

  function curves(weights: Weights, positives: number, n: number, sheet: CurveSheet): void {
    const { falsePositiveRates, recalls, thresholds } = grids
    const negatives = n - positives
    sheet.sensitivity.fill(NaN)
    sheet.precision.fill(NaN)
    const rates = falsePositiveRates.length
    let rate = 0
    let recall = 0
    let cut = cuts.length - 1
    /** Counts at which the next place of each grid is reached. */
    let nextRate = rates > 0 ? falsePositiveRates[0]! * negatives : Infinity
    let nextRecall = recalls.length > 0 ? recalls[0]! * positives : Infinity
    let nextCut = cut >= 0 ? cuts[cut]! : -1
    let tp = 0
    let fp = 0
    let tpBefore = 0
    let fpBefore = 0
    for (let i = 0; i <= size; i++) {
      while (nextCut === i) {
        const t = thresholds[cut]!
        sheet.netBenefit[cut] = (tp - (fp * t) / (1 - t)) / n
        nextCut = --cut >= 0 ? cuts[cut]! : -1
      }
      if (i === size) break
      const weight = weights[order[i]!]!
      if (hit[i] === 1) tp += weight
      else fp += weight
      if (last[i] === 0) continue
      // At a rate that several points of the curve share, the highest of them counts.
      while (nextRate < fp) {
        const along = (nextRate - fpBefore) / (fp - fpBefore)
        sheet.sensitivity[rate] = (tpBefore + along * (tp - tpBefore)) / positives
        nextRate = ++rate < rates ? falsePositiveRates[rate]! * negatives : Infinity
      }
      while (nextRecall <= tp && tp > 0) {
        sheet.precision[recall] = tp / (tp + fp)
        nextRecall = ++recall < recalls.length ? recalls[recall]! * positives : Infinity
      }
      tpBefore = tp
      fpBefore = fp
    }
    while (rate < rates && negatives > 0) sheet.sensitivity[rate++] = tp / positives
  }

  return { areas, curves }
}
