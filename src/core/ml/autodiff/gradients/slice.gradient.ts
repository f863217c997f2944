import { pad } from '../../graph'
import type { GradientRule } from '../gradient-rule'

/** What was cut away gets zero. Steps other than 1 are not emitted by our layers. */
export const slice: GradientRule = (dy, { g, node, inputs: [x] }) => {
  const [starts, , axes, steps] = node.inputs.slice(1).map(name => g.numbers(name)!)
  if (steps!.some(step => step !== 1)) throw new Error('only a slice with step 1 can be differentiated')
  const rank = x!.shape.length
  const pads = new Array<number>(2 * rank).fill(0)
  axes!.forEach((axis, place) => {
    const size = x!.shape[axis]!
    const start = starts![place]!
    const before = start < 0 ? Math.max(0, start + size) : Math.min(start, size)
    pads[axis] = before
    pads[rank + axis] = size - before - dy.shape[axis]!
  })
  return [pad(g, dy, pads)]
}
