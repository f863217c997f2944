import { elementCount, expand, scale } from '../../graph'
import type { GradientRule } from '../gradient-rule'

/** Every place gets an equal share. */
export const globalAveragePool: GradientRule = (dy, { g, inputs: [x] }) => [
  expand(g, scale(g, dy, 1 / elementCount(x!.shape.slice(2))), x!.shape)
]
