import { checkCases, negativeLogLikelihoods, predictedClasses, probabilitiesOf, type Cases } from './cases'
import { averages, classCount, total, type Counts } from './class-counts'
import {
  CLASS_BINS,
  CONFIDENCE_BINS,
  DECISION_THRESHOLDS,
  FALSE_POSITIVE_RATES,
  placeFigures,
  RECALLS,
  type Figures
} from './figures'
import { rankWithinGroups } from './group-ranking'
import { orderByScore, rank, type CurveSheet, type Weights } from './ranking'
import { reliabilityBins } from './reliability'

/** What was fitted on validation films. */
export interface Calibration {
  temperature: number
  /** Probability from which on a film counts as of the class, in class order; null where it could not be fitted. */
  thresholds: (number | null)[]
}

/** Films of one division, such as site: which group each is in. */
export interface Grouping {
  groups: number
  /** Group of each film, [N]; a number not below `groups` is in none. */
  groupOf: Uint16Array
}

/** All figures of one model on one set, ready to be computed for any weights of the films. */
export interface Statistics {
  places: Figures<number>
  count: number
  /** @param weights how often each film counts [N]; @param out [count], NaN where a figure does not exist */
  compute(weights: Weights, out: Float64Array): void
}

/**
 * Sorts once and lays out the figures. Subgroups come in the order of the groupings and their groups.
 * @param detail curves and subgroups as well; without it overall and per-class figures only
 */
export function createStatistics(
  cases: Cases,
  {
    calibration,
    groupings,
    detail
  }: { calibration: Calibration | null; groupings: Grouping[]; detail: boolean }
): Statistics {
  checkCases(cases)
  const { classes, truth } = cases
  const films = truth.length
  const probabilities = probabilitiesOf(cases)
  const predicted = predictedClasses(cases)
  const codes = truth.map((label, film) => label * classes + predicted[film]!)
  const used = detail ? groupings : []
  const { places, count } = placeFigures(
    classes,
    used.reduce((sum, { groups }) => sum + groups, 0),
    detail
  )

  const score = (k: number) => (film: number) => probabilities[film * classes + k]!
  const ofClass = (k: number) => (film: number) => truth[film] === k
  const grids = {
    falsePositiveRates: FALSE_POSITIVE_RATES,
    recalls: RECALLS,
    thresholds: DECISION_THRESHOLDS
  }
  const perClass = <Value>(make: (k: number) => Value) => Array.from({ length: classes }, (_, k) => make(k))
  const orders = perClass(k => orderByScore(films, score(k)))
  const rankings = perClass(k => rank(orders[k]!, score(k), ofClass(k), detail ? grids : undefined))
  const groups = places.subgroups.length
  const groupsOf = flattenGroups(used, films)
  const groupRankings = perClass(k =>
    rankWithinGroups(orders[k]!, score(k), ofClass(k), { groupsOf, perFilm: used.length, groups })
  )
  const groupTotals = new Float64Array(groups)
  const groupAurocs = perClass(() => new Float64Array(groups))

  const calibrations = [
    calibrationOf(cases, probabilities, predicted, 1),
    calibration
      ? calibrationOf(
          cases,
          probabilitiesOf(cases, calibration.temperature),
          predicted,
          calibration.temperature
        )
      : null
  ] as const
  const classBins = detail
    ? perClass(k =>
        reliabilityBins(
          CLASS_BINS,
          Float64Array.from(truth, (_, film) => probabilities[film * classes + k]!),
          Uint8Array.from(truth, label => (label === k ? 1 : 0))
        )
      )
    : []
  /** Label, and one bit per class where the film is called it at the class's threshold. */
  const patterns = 1 << classes
  const callCodes = calibration && calledAtThresholds(probabilities, truth, classes, calibration.thresholds)
  const calls = callCodes && new Float64Array(classes * patterns)

  const counts = new Float64Array(classes * classes)
  const groupCounts = used.map(({ groups }) => new Float64Array(groups * classes * classes))
  const sheet: CurveSheet = {
    sensitivity: new Float64Array(FALSE_POSITIVE_RATES.length),
    precision: new Float64Array(RECALLS.length),
    netBenefit: new Float64Array(DECISION_THRESHOLDS.length)
  }
  const areas = Array.from({ length: classes }, () => ({ auroc: NaN, averagePrecision: NaN }))

  function tally(weights: Weights): void {
    counts.fill(0)
    calls?.fill(0)
    for (let film = 0; film < films; film++) {
      counts[codes[film]!]! += weights[film]!
      if (calls) calls[callCodes[film]!]! += weights[film]!
    }
    used.forEach(({ groups, groupOf }, g) => {
      const table = groupCounts[g]!.fill(0)
      for (let film = 0; film < films; film++) {
        const group = groupOf[film]!
        if (group < groups) table[group * classes * classes + codes[film]!]! += weights[film]!
      }
    })
  }

  function rankedFigures(weights: Weights, out: Float64Array, n: number, matrix: Counts): void {
    rankings.forEach((ranking, k) => {
      const found = ranking.areas(weights)
      areas[k] = found
      out[places.perClass[k]!.auroc] = found.auroc
      out[places.perClass[k]!.auprc] = found.averagePrecision
      if (!places.curves) return
      const { roc, precisionRecall, netBenefit, treatAll, reliability } = places.curves.perClass[k]!
      const { support } = classCount(matrix, k)
      ranking.curves(weights, support, n, sheet)
      roc.forEach((place, i) => (out[place] = sheet.sensitivity[i]!))
      precisionRecall.forEach((place, i) => (out[place] = sheet.precision[i]!))
      netBenefit.forEach((place, i) => (out[place] = sheet.netBenefit[i]!))
      const prevalence = support / n
      treatAll.forEach((place, i) => {
        const t = DECISION_THRESHOLDS[i]!
        out[place] = prevalence - ((1 - prevalence) * t) / (1 - t)
      })
      classBins[k]!.measure(weights, out, reliability)
    })
  }

  function classFigures(out: Float64Array, n: number, matrix: Counts): void {
    for (let k = 0; k < classes; k++) {
      const { tp, support, called } = classCount(matrix, k)
      const place = places.perClass[k]!
      out[place.precision] = called > 0 ? tp / called : NaN
      out[place.recall] = support > 0 ? tp / support : NaN
      out[place.specificity] = n > support ? (n - support - called + tp) / (n - support) : NaN
      out[place.f1] = support + called > 0 ? (2 * tp) / (support + called) : NaN
      out[place.sensitivityAtThreshold] = NaN
      out[place.specificityAtThreshold] = NaN
      if (!calls || calibration!.thresholds[k] === null) continue
      let hits = 0
      let passed = 0
      for (let label = 0; label < classes; label++) {
        for (let bits = 0; bits < patterns; bits++) {
          const isCalled = (bits >> k) & 1
          if (label === k) hits += isCalled * calls[label * patterns + bits]!
          else passed += (1 - isCalled) * calls[label * patterns + bits]!
        }
      }
      if (support > 0) out[place.sensitivityAtThreshold] = hits / support
      if (n > support) out[place.specificityAtThreshold] = passed / (n - support)
    }
  }

  function groupFigures(weights: Weights, out: Float64Array): void {
    let first = 0
    used.forEach(({ groups: count }, g) => {
      for (let group = 0; group < count; group++) {
        const at = group * classes * classes
        groupTotals[first++] = total({ counts: groupCounts[g]!, at, classes })
      }
    })
    groupRankings.forEach((ranking, k) => ranking.aurocs(weights, groupTotals, groupAurocs[k]!))
    let at = 0
    used.forEach(({ groups }, g) => {
      for (let group = 0; group < groups; group++, at++) {
        const matrix = { counts: groupCounts[g]!, at: group * classes * classes, classes }
        const mean = averages(matrix)
        const place = places.subgroups[at]!
        out[place.accuracy] = mean.accuracy
        out[place.macroF1] = mean.macroF1
        out[place.weightedF1] = mean.weightedF1
        out[place.macroAuroc] = meanOf(groupAurocs.map(aurocs => aurocs[at]!))
        for (let k = 0; k < classes; k++) {
          const { tp, support, called: calls } = classCount(matrix, k)
          out[place.f1[k]!] = support + calls > 0 ? (2 * tp) / (support + calls) : NaN
          out[place.recall[k]!] = support > 0 ? tp / support : NaN
        }
      }
    })
  }

  return {
    places,
    count,
    compute(weights, out) {
      tally(weights)
      const matrix = { counts, at: 0, classes }
      const mean = averages(matrix)
      const n = counts.reduce((sum, value) => sum + value, 0)
      const { overall } = places
      for (const [name, value] of Object.entries(mean)) out[overall[name as keyof typeof mean]] = value
      rankedFigures(weights, out, n, matrix)
      classFigures(out, n, matrix)
      groupFigures(weights, out)
      const supports = areas.map((_, k) => classCount(matrix, k).support)
      out[overall.macroAuroc] = meanOf(areas.map(({ auroc }) => auroc))
      out[overall.macroAuprc] = meanOf(areas.map(({ averagePrecision }) => averagePrecision))
      out[overall.weightedAuroc] = meanOf(
        areas.map(({ auroc }) => auroc),
        supports
      )
      out[overall.weightedAuprc] = meanOf(
        areas.map(({ averagePrecision }) => averagePrecision),
        supports
      )
      const [plain, scaled] = calibrations
      ;[out[overall.ece], out[overall.brier], out[overall.nll]] = plain!.measure(
        weights,
        out,
        places.curves?.reliability ?? null,
        n
      )
      ;[out[overall.scaledEce], out[overall.scaledBrier], out[overall.scaledNll]] = scaled?.measure(
        weights,
        out,
        places.curves?.scaledReliability ?? null,
        n
      ) ?? [NaN, NaN, NaN]
      if (!scaled && places.curves) {
        const { confidence, share } = places.curves.scaledReliability
        for (const place of [...confidence, ...share]) out[place] = NaN
      }
    }
  }
}

/** ECE of the highest probability, multi-class Brier score (0 to 2) and negative log-likelihood of one set of probabilities. */
function calibrationOf(
  cases: Cases,
  probabilities: Float64Array,
  predicted: Uint8Array,
  temperature: number
) {
  const { classes, truth } = cases
  const losses = negativeLogLikelihoods(cases, temperature)
  const squares = Float64Array.from(truth, (label, film) => {
    let sum = 0
    for (let k = 0; k < classes; k++) {
      sum += (probabilities[film * classes + k]! - (label === k ? 1 : 0)) ** 2
    }
    return sum
  })
  const highest = Float64Array.from(truth, (_, film) => probabilities[film * classes + predicted[film]!]!)
  const right = Uint8Array.from(truth, (label, film) => (label === predicted[film] ? 1 : 0))
  const bins = reliabilityBins(CONFIDENCE_BINS, highest, right)
  return {
    measure(
      weights: Weights,
      out: Float64Array,
      places: Parameters<typeof bins.measure>[2],
      n: number
    ): [ece: number, brier: number, nll: number] {
      let brier = 0
      let nll = 0
      for (let film = 0; film < truth.length; film++) {
        brier += weights[film]! * squares[film]!
        nll += weights[film]! * losses[film]!
      }
      return [bins.measure(weights, out, places), brier / n, nll / n]
    }
  }
}

function calledAtThresholds(
  probabilities: Float64Array,
  truth: Uint8Array,
  classes: number,
  thresholds: readonly (number | null)[]
): Uint32Array {
  return Uint32Array.from(truth, (label, film) =>
    thresholds.reduce<number>(
      (code, threshold, k) =>
        threshold !== null && probabilities[film * classes + k]! >= threshold ? code | (1 << k) : code,
      label << classes
    )
  )
}

/** Groups of all groupings numbered through, those of one film together; the number of all groups stands for none. */
function flattenGroups(groupings: readonly Grouping[], films: number): Uint16Array {
  const all = groupings.reduce((sum, { groups }) => sum + groups, 0)
  const flat = new Uint16Array(films * groupings.length)
  let first = 0
  groupings.forEach(({ groups, groupOf }, g) => {
    for (let film = 0; film < films; film++) {
      const group = groupOf[film]!
      flat[film * groupings.length + g] = group < groups ? first + group : all
    }
    first += groups
  })
  return flat
}

/** Mean of the values that exist; NaN where none does. */
function meanOf(values: readonly number[], weights?: readonly number[]): number {
  let sum = 0
  let of = 0
  values.forEach((value, i) => {
    if (Number.isNaN(value)) return
    const weight = weights?.[i] ?? 1
    sum += weight * value
    of += weight
  })
  return sum / of
}
