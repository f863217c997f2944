import { reshape } from '../../graph'
import type { GradientRule } from '../gradient-rule'

/** Reshape and Flatten: the same numbers in another shape. */
export const sameElements: GradientRule = (dy, { g, inputs: [x] }) => [reshape(g, dy, x!.shape), null]
