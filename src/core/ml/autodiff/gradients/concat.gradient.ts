import { slice } from '../../graph'
import type { GradientRule } from '../gradient-rule'

/** Each input's own part of dy. */
export const concat: GradientRule = (dy, { g, node, inputs, needs }) => {
  const axis = node.attributes.axis as number
  let start = 0
  return inputs.map((input, index) => {
    const end = start + input!.shape[axis]!
    const part = needs[index] ? slice(g, dy, [{ axis, start, end }]) : null
    start = end
    return part
  })
}
