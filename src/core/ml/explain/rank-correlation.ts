/**
 * Spearman's rank correlation, ties at their mean rank, as scipy.stats.spearmanr; null where one of the two does not vary.
 */
export function rankCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  return pearson(ranksOf(a), ranksOf(b))
}

function ranksOf(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, i) => i).sort((i, j) => values[i]! - values[j]!)
  const ranks = new Float64Array(values.length)
  for (let start = 0; start < order.length;) {
    let end = start + 1
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++
    for (let i = start; i < end; i++) ranks[order[i]!] = (start + end - 1) / 2
    start = end
  }
  return ranks
}

function pearson(a: Float64Array, b: Float64Array): number | null {
  const mean = (a.length - 1) / 2
  let [both, ofA, ofB] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    both += (a[i]! - mean) * (b[i]! - mean)
    ofA += (a[i]! - mean) ** 2
    ofB += (b[i]! - mean) ** 2
  }
  return ofA > 0 && ofB > 0 ? both / Math.sqrt(ofA * ofB) : null
}
