import { elementCount, float32, reshape } from '../../graph'
import type { GradientRule } from '../gradient-rule'

/**
 * Each row gets the sum of the gradients of all places that show it: a product with the matrix that has a 1 where row
 * r is shown in place p. Made for small tables (relative position bias); scattering is not to be had on every provider.
 */
export const gather: GradientRule = (dy, { g, node, inputs: [x] }) => {
  const shown = g.numbers(node.inputs[1]!)!
  const rows = x!.shape[0]!
  const row = g.constant(float32([rows, 1], [...Array(rows).keys()]), 'rows')
  const place = g.constant(float32([1, shown.length], shown), 'shown')
  const shows = g.node('Cast', [g.node('Equal', [row, place])], { to: 1 })
  const flat = reshape(g, dy, [shown.length, elementCount(x!.shape) / rows])
  return [reshape(g, g.node('MatMul', [shows, flat]), x!.shape)]
}
