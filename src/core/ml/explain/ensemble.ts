/** What several classifiers of one film agree and differ on. */
export interface EnsembleAnswer {
  /** Mean and standard deviation (n - 1) over the members [classes]. */
  mean: number[]
  deviation: number[]
  /** Entropy of the mean, in nats. */
  entropy: number
  /** Mean entropy of the members: what would stay if they agreed. */
  expectedEntropy: number
  /** The difference of the two, at least 0: what the members disagree about (Houlsby et al. 2011). */
  mutualInformation: number
}

/** @param members probabilities of each member, at least two, each [classes] */
export function ensembleAnswer(members: readonly ArrayLike<number>[]): EnsembleAnswer {
  const classes = members[0]!.length
  const mean = new Array<number>(classes).fill(0)
  for (const member of members) for (let k = 0; k < classes; k++) mean[k]! += member[k]! / members.length
  const deviation = mean.map((centre, k) =>
    Math.sqrt(members.reduce((sum, member) => sum + (member[k]! - centre) ** 2, 0) / (members.length - 1))
  )
  const entropy = entropyOf(mean)
  const expectedEntropy = members.reduce((sum, member) => sum + entropyOf(member), 0) / members.length
  return {
    mean,
    deviation,
    entropy,
    expectedEntropy,
    mutualInformation: Math.max(0, entropy - expectedEntropy)
  }
}

function entropyOf(probabilities: ArrayLike<number>): number {
  let sum = 0
  for (let k = 0; k < probabilities.length; k++) {
    const p = probabilities[k]!
    if (p > 0) sum -= p * Math.log(p)
  }
  return sum
}
