import { elementCount, expand, reshape, scale, sum, type Value } from '../../graph'
import type { GradientRule, RuleContext } from '../gradient-rule'

/** The axes that were reduced. */
function reducedAxes({ g, node, inputs: [x] }: RuleContext): readonly number[] {
  const every = x!.shape.map((_, axis) => axis)
  const given = g.numbers(node.inputs[1] ?? '')
  return given?.map(axis => (axis < 0 ? axis + x!.shape.length : axis)) ?? every
}

/** A value of the output's shape, with size 1 where an axis was reduced. */
function kept(value: Value, context: RuleContext): Value {
  const axes = reducedAxes(context)
  const shape = context.inputs[0]!.shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
  return reshape(context.g, value, shape)
}

/** The output's gradient, repeated along the axes that were summed away. */
function repeat(dy: Value, context: RuleContext): Value {
  return expand(context.g, kept(dy, context), context.inputs[0]!.shape)
}

export const reduceSum: GradientRule = (dy, context) => [repeat(dy, context), null]

export const reduceMean: GradientRule = (dy, context) => {
  const count = elementCount(context.inputs[0]!.shape) / elementCount(context.output.shape)
  return [repeat(scale(context.g, dy, 1 / count), context), null]
}

/** All places that hold the maximum share its gradient equally, as torch.amax has it. */
export const reduceMax: GradientRule = (dy, context) => {
  const { g, inputs, output: y } = context
  const highest = g.node('Cast', [g.node('Equal', [inputs[0]!, kept(y, context)])], { to: 1 })
  const share = g.node('Div', [kept(dy, context), sum(g, highest, reducedAxes(context), true)])
  return [g.node('Mul', [highest, share]), null]
}
