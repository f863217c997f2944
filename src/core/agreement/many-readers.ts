import type { AdditiveStatistic } from './additive'
import { countClasses } from './ratings'

/** Chance of two different readings of one film agreeing. */
function pairsAlike(counts: readonly number[], readings: number): number {
  return counts.reduce((sum, count) => sum + count * (count - 1), 0) / (readings * (readings - 1))
}

const totalOf = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0)

/** Mean over films read at least twice of the share of reader pairs that agree. */
export function pairwiseAgreement(classes: number): AdditiveStatistic {
  return {
    length: 2,
    add(unit, sums) {
      const counts = countClasses(unit, classes)
      const readings = totalOf(counts)
      if (readings < 2) return
      sums[0]!++
      sums[1]! += pairsAlike(counts, readings)
    },
    value: ([films, alike]) => (films! > 0 ? alike! / films! : null)
  }
}

/**
 * Fleiss' kappa (Fleiss 1971). Its definition has the same number of readings for every film: films with another number
 * than `readings` are left out.
 */
export function fleissKappa(classes: number, readings: number): AdditiveStatistic {
  return {
    length: 2 + classes,
    add(unit, sums) {
      const counts = countClasses(unit, classes)
      if (readings < 2 || totalOf(counts) !== readings) return
      sums[0]!++
      sums[1]! += pairsAlike(counts, readings)
      counts.forEach((count, k) => (sums[2 + k]! += count))
    },
    value(sums) {
      const [films, alike] = sums
      if (films === 0) return null
      const observed = alike! / films!
      let expected = 0
      for (let k = 0; k < classes; k++) expected += (sums[2 + k]! / (films! * readings)) ** 2
      return expected < 1 ? (observed - expected) / (1 - expected) : null
    }
  }
}

/**
 * Krippendorff's alpha for classes without an order, any number of readings per film (Krippendorff 2011, "Computing
 * Krippendorff's alpha-reliability"): 1 - observed / expected disagreement of pairs of readings.
 */
export function krippendorffAlpha(classes: number): AdditiveStatistic {
  return {
    // Disagreeing pairs, each film's divided by its readings less one; then readings of each class.
    length: 1 + classes,
    add(unit, sums) {
      const counts = countClasses(unit, classes)
      const readings = totalOf(counts)
      if (readings < 2) return
      sums[0]! += readings * (1 - pairsAlike(counts, readings))
      counts.forEach((count, k) => (sums[1 + k]! += count))
    },
    value(sums) {
      const counts = Array.from(sums.subarray(1))
      const total = totalOf(counts)
      if (total < 2) return null
      const expected = total * (1 - pairsAlike(counts, total))
      return expected > 0 ? 1 - sums[0]! / expected : null
    }
  }
}

/**
 * Gwet's AC1 for any number of readings per film (Gwet 2008; 2014, ch. 2): agreement beyond chance that stays steady where
 * one class prevails. Observed agreement is taken over films read at least twice, prevalence over all films read.
 */
export function gwetAc1(classes: number): AdditiveStatistic {
  return {
    length: 3 + classes,
    add(unit, sums) {
      const counts = countClasses(unit, classes)
      const readings = totalOf(counts)
      if (readings === 0) return
      sums[0]!++
      counts.forEach((count, k) => (sums[3 + k]! += count / readings))
      if (readings < 2) return
      sums[1]!++
      sums[2]! += pairsAlike(counts, readings)
    },
    value(sums) {
      const [films, several, alike] = sums
      if (several === 0 || classes < 2) return null
      let expected = 0
      for (let k = 0; k < classes; k++) {
        const prevalence = sums[3 + k]! / films!
        expected += (prevalence * (1 - prevalence)) / (classes - 1)
      }
      return (alike! / several! - expected) / (1 - expected)
    }
  }
}
