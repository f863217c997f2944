import { elementCount, type Value } from '../../graph'
import { expand, reshape, scale } from '../emit'
import type { GradientRule, RuleContext } from '../gradient-rule'

/** The output's gradient, repeated along the axes that were summed away. */
function repeat(dy: Value, { g, node, inputs: [x] }: RuleContext): Value {
  const axes = g.integers(node.inputs[1] ?? '')?.map(axis => (axis < 0 ? axis + x!.shape.length : axis))
  const kept = x!.shape.map((size, axis) => (!axes || axes.includes(axis) ? 1 : size))
  return expand(g, reshape(g, dy, kept), x!.shape)
}

export const reduceSum: GradientRule = (dy, context) => [repeat(dy, context), null]

export const reduceMean: GradientRule = (dy, context) => {
  const count = elementCount(context.inputs[0]!.shape) / elementCount(context.output.shape)
  return [repeat(scale(context.g, dy, 1 / count), context), null]
}
