import { negativeLogLikelihoods, probabilitiesOf, type Cases } from './cases'
import type { Calibration } from './statistics'

/** Temperatures outside of this are no calibration but a sign of a set too small or of a useless model. */
const COLDEST = 0.05
const HOTTEST = 20
/** Of the logarithm of the temperature. */
const TOLERANCE = 1e-7

/** Fits temperature and thresholds. The caller vouches that these are validation films, never those of a test. */
export function calibrate(cases: Cases): Calibration {
  return {
    temperature: fitTemperature(cases),
    thresholds: Array.from({ length: cases.classes }, (_, k) => youdenThreshold(cases, k))
  }
}

/**
 * The temperature that minimises the negative log-likelihood (Guo et al. 2017), by golden section on its logarithm: the loss
 * is convex in 1/T, so that it has one minimum.
 */
function fitTemperature(cases: Cases): number {
  const loss = (logarithm: number) =>
    negativeLogLikelihoods(cases, Math.exp(logarithm)).reduce((sum, value) => sum + value, 0)
  const golden = (Math.sqrt(5) - 1) / 2
  let low = Math.log(COLDEST)
  let high = Math.log(HOTTEST)
  let left = high - golden * (high - low)
  let right = low + golden * (high - low)
  let atLeft = loss(left)
  let atRight = loss(right)
  while (high - low > TOLERANCE) {
    if (atLeft <= atRight) {
      ;[high, right, atRight] = [right, left, atLeft]
      left = high - golden * (high - low)
      atLeft = loss(left)
    } else {
      ;[low, left, atLeft] = [left, right, atRight]
      right = low + golden * (high - low)
      atRight = loss(right)
    }
  }
  return Math.exp((low + high) / 2)
}

/**
 * The probability of the class from which on sensitivity + specificity - 1 is largest (Youden 1950), the highest of equals.
 * null without a film of the class or without one of another.
 */
function youdenThreshold(cases: Cases, k: number): number | null {
  const { classes, truth } = cases
  const probabilities = probabilitiesOf(cases)
  const score = (film: number) => probabilities[film * classes + k]!
  const order = Int32Array.from(truth.keys()).sort((a, b) => score(b) - score(a))
  const positives = truth.reduce((sum, label) => sum + (label === k ? 1 : 0), 0)
  const negatives = truth.length - positives
  if (positives === 0 || negatives === 0) return null
  let best = 0
  let threshold = score(order[0]!)
  let tp = 0
  let fp = 0
  for (let i = 0; i < order.length; i++) {
    if (truth[order[i]!] === k) tp++
    else fp++
    if (i + 1 < order.length && score(order[i + 1]!) === score(order[i]!)) continue
    const index = tp / positives - fp / negatives
    if (index > best + 1e-12) {
      best = index
      threshold = score(order[i]!)
    }
  }
  return threshold
}
