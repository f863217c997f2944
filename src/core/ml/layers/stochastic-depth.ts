import type { GraphBuilder, Value } from '../graph'

/**
 * Stochastic depth (Huang et al. 2016): while training, a film goes without this residual branch with the given
 * probability, and the branch counts 1 / (1 - probability) times where it stays. Emitted as a Dropout, which does
 * nothing; the training step puts the random factor in its place. branch [N, ...] -> the same shape.
 */
export function stochasticDepth(g: GraphBuilder, branch: Value, name: string, probability: number): Value {
  if (probability === 0) return branch
  return g.node('Dropout', [branch, g.scalar(probability)], {}, name)
}

/** The probability of each of `count` blocks in a row: from 0, evenly, to `last` for the last. */
export function risingProbability(last: number, count: number): (block: number) => number {
  return block => (last * block) / (count - 1)
}
