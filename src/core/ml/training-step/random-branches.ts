import { reshape, type GraphBuilder, type Value } from '../graph'

/** A residual branch that some films go without while training (stochastic depth). */
export interface RandomBranch {
  /** Input [N] of the step: 0 for a film that goes without the branch, else 1 / (1 - probability). */
  input: string
  /** Of a film to go without it. */
  probability: number
}

/**
 * The same builder, but each Dropout, which is how layers emit a branch that may be left out, multiplies every film by
 * a factor that the caller feeds, and is added to `branches`; with null every branch stays as it is.
 */
export function withRandomBranches(g: GraphBuilder, branches: RandomBranch[] | null): GraphBuilder {
  return {
    ...g,
    node(op, inputs, attributes, name) {
      if (op !== 'Dropout') return g.node(op, inputs, attributes, name)
      const [branch, rate] = inputs as [Value, Value]
      if (branches === null) return branch
      const films = branch.shape[0]!
      const factor = g.input(`branch/${name}`, 'float32', [films])
      branches.push({ input: factor.name, probability: g.numbers(rate.name)![0]! })
      return g.node(
        'Mul',
        [branch, reshape(g, factor, [films, ...branch.shape.slice(1).map(() => 1)])],
        {},
        name
      )
    }
  }
}
