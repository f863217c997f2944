/** Shannon entropy in nats. */
export function entropyOf(probabilities: ArrayLike<number>): number {
  let entropy = 0
  for (let k = 0; k < probabilities.length; k++) {
    const p = probabilities[k]!
    if (p > 0) entropy -= p * Math.log(p)
  }
  return entropy
}

/** Indices of the largest and the second largest. */
export function topTwo(probabilities: ArrayLike<number>): [number, number] {
  let [first, second] = probabilities[0]! >= probabilities[1]! ? [0, 1] : [1, 0]
  for (let k = 2; k < probabilities.length; k++) {
    if (probabilities[k]! > probabilities[first]!) [first, second] = [k, first]
    else if (probabilities[k]! > probabilities[second]!) second = k
  }
  return [first, second]
}

/** Half the sum of absolute differences: 0 the same, 1 nothing in common. */
export function totalVariation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let k = 0; k < a.length; k++) sum += Math.abs(a[k]! - b[k]!)
  return sum / 2
}
