import { describe, expect, it } from 'vitest'
import { createRandom } from '../../foundation'
import { auroc, resampleClusters, resampleWeights } from '../metrics'
import {
  bootstrapFigures,
  calibrate,
  createStatistics,
  negativeLogLikelihoods,
  numberInfants,
  probabilitiesOf,
  subset,
  type Bootstrap,
  type Cases,
  type Grouping,
  type Statistics
} from './index'

const CLASSES = 3

/** @param coarse round logits, so that scores tie */
function randomCases(films: number, seed: number, { coarse = false, skill = 1.5 } = {}): Cases {
  const random = createRandom(seed, 'cases')
  const truth = Uint8Array.from({ length: films }, () => random.integer(0, CLASSES - 1))
  const logits = Float32Array.from({ length: films * CLASSES }, (_, i) => {
    const logit = random.normal() + (i % CLASSES === truth[Math.floor(i / CLASSES)] ? skill : 0)
    return coarse ? Math.round(logit) : logit
  })
  const infants = numberInfants(Array.from({ length: films }, () => String(random.integer(0, films / 3))))
  return { classes: CLASSES, truth, logits, infants }
}

function run(infants: Int32Array, models: Statistics[], resamples: number, seed = 1): Bootstrap {
  const steps = bootstrapFigures(infants, models, { resamples, seed })
  let step = steps.next()
  while (!step.done) step = steps.next()
  return step.value
}

const summary = (cases: Cases) => createStatistics(cases, { calibration: null, groupings: [], detail: false })

describe('resamples as counts', () => {
  it('are the resamples of the cluster bootstrap', () => {
    const { infants } = randomCases(60, 3)
    const draws = { resamples: 20, seed: 5 }
    const counted = resampleWeights(infants, draws)
    for (const cases of resampleClusters(Array.from(infants, String), draws)) {
      const counts = new Float64Array(infants.length)
      for (const film of cases) counts[film]!++
      expect(counted.next().value).toEqual(counts)
    }
  })
})

describe('subgroups', () => {
  it.each([false, true])('have the figures of a set of their own (ties: %s)', coarse => {
    const cases = randomCases(300, 8, { coarse })
    const random = createRandom(1, 'groups')
    // Group 3 stands for films that are in no group.
    const groupings: Grouping[] = [
      { groups: 3, groupOf: Uint16Array.from(cases.truth, () => random.integer(0, 3)) },
      { groups: 1, groupOf: new Uint16Array(300) }
    ]
    const { figures } = run(
      cases.infants,
      [createStatistics(cases, { calibration: null, groupings, detail: true })],
      1
    )
    const { subgroups, overall } = figures[0]!
    expect(subgroups).toHaveLength(4)
    for (let group = 0; group < 3; group++) {
      const members = [...cases.truth.keys()].filter(film => groupings[0]!.groupOf[film] === group)
      const alone = run(
        subset(cases, members).infants,
        [createStatistics(subset(cases, members), { calibration: null, groupings: [], detail: false })],
        1
      ).figures[0]!
      expect(subgroups[group]!.macroAuroc!.estimate).toBeCloseTo(alone.overall.macroAuroc!.estimate, 12)
      expect(subgroups[group]!.macroF1!.estimate).toBeCloseTo(alone.overall.macroF1!.estimate, 12)
      expect(subgroups[group]!.f1[2]!.estimate).toBeCloseTo(alone.perClass[2]!.f1!.estimate, 12)
    }
    expect(subgroups[3]!.macroAuroc!.estimate).toBeCloseTo(overall.macroAuroc!.estimate, 12)
  })
})

describe('intervals', () => {
  it('cover the figure of the population about as often as they say', () => {
    let covered = 0
    const population = run(randomCases(20_000, 0).infants, [summary(randomCases(20_000, 0))], 1).figures[0]!
    const simulations = 60
    for (let seed = 1; seed <= simulations; seed++) {
      const cases = randomCases(150, seed)
      const { low, high } = run(cases.infants, [summary(cases)], 200, seed).figures[0]!.overall.macroF1!
      const truth = population.overall.macroF1!.estimate
      if (low! <= truth && truth <= high!) covered++
    }
    expect(covered / simulations).toBeGreaterThan(0.86)
  })

  it('of a difference are paired: a version differs from itself by nothing, from a better one by something', () => {
    const worse = randomCases(600, 2, { skill: 0.3 })
    const better = {
      ...worse,
      logits: worse.logits.map(
        (logit, i) => logit + (i % CLASSES === worse.truth[Math.floor(i / CLASSES)] ? 1 : 0)
      )
    }
    const { figures, differences } = run(worse.infants, [summary(worse), summary(better)], 200)
    expect(differences[0]!.overall.macroF1).toEqual({ estimate: 0, low: 0, high: 0 })
    const gain = differences[1]!.overall.macroF1!
    expect(gain.estimate).toBeCloseTo(
      figures[1]!.overall.macroF1!.estimate - figures[0]!.overall.macroF1!.estimate,
      12
    )
    expect(gain.low).toBeGreaterThan(0)
  })

  it('say null where a figure does not exist', () => {
    const cases = { ...randomCases(40, 4), truth: new Uint8Array(40) }
    const { overall, perClass } = run(cases.infants, [summary(cases)], 20).figures[0]!
    expect(perClass[0]!.auroc).toBeNull()
    expect(overall.macroAuroc).toBeNull()
    expect(perClass[1]!.recall).toBeNull()
    expect(overall.scaledEce).toBeNull()
    expect(overall.accuracy!.estimate).toBeGreaterThan(0)
  })
})

describe('calibration', () => {
  it('cools what is too sure, to the same loss however the logits were stretched', () => {
    const cases = randomCases(500, 6)
    const stretched = { ...cases, logits: cases.logits.map(logit => 3 * logit) }
    const [plain, hot] = [calibrate(cases), calibrate(stretched)]
    expect(hot.temperature).toBeCloseTo(3 * plain.temperature, 4)
    const loss = (set: Cases, temperature: number) =>
      negativeLogLikelihoods(set, temperature).reduce((sum, value) => sum + value, 0)
    expect(loss(stretched, hot.temperature)).toBeLessThan(loss(stretched, 1))
  })

  it('gives the class without films no threshold', () => {
    const cases = randomCases(60, 7)
    expect(calibrate({ ...cases, truth: cases.truth.map(label => label % 2) }).thresholds[2]).toBeNull()
  })
})

it('refuses answers that are not numbers', () => {
  const cases = randomCases(10, 1)
  cases.logits[4] = NaN
  expect(() => summary(cases)).toThrow(/not a number/)
})

it('agrees with the rank-sum area of ml/metrics', () => {
  const cases = randomCases(200, 9, { coarse: true })
  const { perClass } = run(cases.infants, [summary(cases)], 1).figures[0]!
  const probabilities = probabilitiesOf(cases)
  const scores = Array.from(cases.truth, (_, film) => probabilities[film * CLASSES]!)
  const positive = Array.from(cases.truth, label => label === 0)
  expect(perClass[0]!.auroc!.estimate).toBeCloseTo(auroc(scores, positive)!, 12)
})
