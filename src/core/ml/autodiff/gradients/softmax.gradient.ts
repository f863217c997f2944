import { sum } from '../../graph'
import type { GradientRule } from '../gradient-rule'

/** dx = y (dy - sum(dy y)) along the axis. */
export const softmax: GradientRule = (dy, { g, node, output: y }) => {
  const axis = (node.attributes.axis as number | undefined) ?? -1
  const mean = sum(g, g.node('Mul', [dy, y]), [axis < 0 ? axis + y.shape.length : axis], true)
  return [g.node('Mul', [y, g.node('Sub', [dy, mean])])]
}
