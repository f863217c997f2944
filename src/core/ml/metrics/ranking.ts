import { mean } from './confusion'

/**
 * Area under the ROC curve by midranks: the chance that a positive scores above a negative, ties counting one half.
 * null without a positive or without a negative.
 */
export function auroc(scores: ArrayLike<number>, positive: ArrayLike<number | boolean>): number | null {
  const order = Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!)
  let positives = 0
  let rankSum = 0
  for (let start = 0; start < order.length;) {
    let end = start
    while (end < order.length && scores[order[end]!] === scores[order[start]!]) end++
    const midrank = (start + end + 1) / 2
    for (let i = start; i < end; i++) {
      if (positive[order[i]!]) {
        positives++
        rankSum += midrank
      }
    }
    start = end
  }
  const negatives = order.length - positives
  if (positives === 0 || negatives === 0) return null
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives)
}

/** One against the rest, per class. `probabilities` is row-major [N, classes]. */
export function aurocPerClass(
  truth: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classes: number
): (number | null)[] {
  const films = truth.length
  return Array.from({ length: classes }, (_, k) => {
    const scores = Float64Array.from({ length: films }, (_, i) => probabilities[i * classes + k]!)
    return auroc(
      scores,
      Uint8Array.from({ length: films }, (_, i) => (truth[i] === k ? 1 : 0))
    )
  })
}

/** Unweighted mean of the per-class areas, over the classes that have one. */
export function macroAuroc(truth: ArrayLike<number>, probabilities: ArrayLike<number>, classes: number) {
  return mean(aurocPerClass(truth, probabilities, classes).filter(area => area !== null))
}
