import type { AdditiveStatistic } from './additive'

/** Counts of two readers' answers, [classes, classes] row-major; films that one of them did not read are left out. */
function addPair(classes: number) {
  return ([first, second]: readonly (number | null)[], sums: Float64Array) => {
    if (first === null || first === undefined || second === null || second === undefined) return
    sums[first * classes + second]!++
  }
}

/** Share of the films read by both on which both gave the same class. */
export function percentAgreement(classes: number): AdditiveStatistic {
  return {
    length: classes * classes,
    add: addPair(classes),
    value(counts) {
      const total = counts.reduce((sum, count) => sum + count, 0)
      let same = 0
      for (let k = 0; k < classes; k++) same += counts[k * (classes + 1)]!
      return total === 0 ? null : same / total
    }
  }
}

export type KappaWeights = 'none' | 'linear' | 'quadratic'

/**
 * Cohen's kappa of two readers (Cohen 1960); with weights, of classes that have an order (Cohen 1968), where answers i and j
 * of K count as 1 - |i - j| / (K - 1) in agreement, or as that of the square.
 * 1 - sum(v o) / sum(v e) with disagreement weights v, observed counts o and those expected from the margins e.
 */
export function cohenKappa(classes: number, weights: KappaWeights = 'none'): AdditiveStatistic {
  const disagreement = (i: number, j: number) =>
    weights === 'none' ? Number(i !== j) : Math.abs(i - j) ** (weights === 'linear' ? 1 : 2)
  return {
    length: classes * classes,
    add: addPair(classes),
    value(counts) {
      const rows = new Float64Array(classes)
      const columns = new Float64Array(classes)
      counts.forEach((count, cell) => {
        rows[Math.floor(cell / classes)]! += count
        columns[cell % classes]! += count
      })
      const total = rows.reduce((sum, count) => sum + count, 0)
      let observed = 0
      let expected = 0
      for (let i = 0; i < classes; i++) {
        for (let j = 0; j < classes; j++) {
          observed += disagreement(i, j) * counts[i * classes + j]!
          expected += (disagreement(i, j) * rows[i]! * columns[j]!) / total
        }
      }
      return expected > 0 ? 1 - observed / expected : null
    }
  }
}

/**
 * Of the films to which either reader gave one class, the share agreed on: 2 both / (first + second) (Dice 1945; "positive
 * agreement"). null where neither gave it.
 */
export function classAgreement(classes: number, of: number): AdditiveStatistic {
  return {
    length: classes * classes,
    add: addPair(classes),
    value(counts) {
      let given = 0
      for (let k = 0; k < classes; k++) given += counts[of * classes + k]! + counts[k * classes + of]!
      return given === 0 ? null : (2 * counts[of * (classes + 1)]!) / given
    }
  }
}
