import { int64, type GraphBuilder, type Value } from '../graph'

export interface CrossEntropyInputs {
  /** [N, K] */
  logits: Value
  /** [N, K]: one 1 per film, in its class; a row of zeros is a film that does not count. */
  targets: Value
  /** [K] */
  classWeights: Value
  /** []: the sum of the class weights of all films whose gradients will be added up (this batch's alone without accumulation). */
  normaliser: Value
}

export interface CrossEntropy {
  /** [] */
  loss: Value
  /** The largest logit per film, taken off for numerical safety: it cancels, and must not be differentiated. */
  constants: Value[]
}

/**
 * Weighted cross-entropy with label smoothing, as torch.nn.CrossEntropyLoss(weight, label_smoothing) has it, but
 * divided by a normaliser given from outside, so that gradients of several batches can simply be added.
 */
export function crossEntropy(
  g: GraphBuilder,
  { logits, targets, classWeights, normaliser }: CrossEntropyInputs,
  labelSmoothing = 0
): CrossEntropy {
  const classes = logits.shape[1]!
  const overClasses = g.constant(int64([1], [1]), 'overClasses')
  const highest = g.node('ReduceMax', [logits, overClasses], { keepdims: 1 })
  const shifted = g.node('Sub', [logits, highest])
  const logSum = g.node('Log', [
    g.node('ReduceSum', [g.node('Exp', [shifted]), overClasses], { keepdims: 1 })
  ])
  const logProbabilities = g.node('Sub', [shifted, logSum])

  const counts = g.node('ReduceSum', [targets, overClasses], { keepdims: 1 })
  const smooth =
    labelSmoothing === 0
      ? targets
      : g.node('Add', [
          g.node('Mul', [targets, g.scalar(1 - labelSmoothing)]),
          g.node('Mul', [counts, g.scalar(labelSmoothing / classes)])
        ])
  const weighted = g.node('Mul', [g.node('Mul', [smooth, classWeights]), logProbabilities])
  const everywhere = g.constant(int64([2], [0, 1]), 'everywhere')
  const total = g.node('ReduceSum', [weighted, everywhere], { keepdims: 0 })
  return { loss: g.node('Div', [g.node('Neg', [total]), normaliser]), constants: [highest] }
}
