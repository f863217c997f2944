import { slice } from '../../graph'
import type { GradientRule } from '../gradient-rule'

/** The part of dy that was there before the padding. */
export const pad: GradientRule = (dy, { g, node, inputs: [x] }) => {
  const pads = g.numbers(node.inputs[1]!)!
  const ranges = x!.shape.map((size, axis) => ({ axis, start: pads[axis]!, end: pads[axis]! + size }))
  return [slice(g, dy, ranges)]
}
