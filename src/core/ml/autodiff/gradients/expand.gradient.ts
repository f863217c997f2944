import type { GradientRule } from '../gradient-rule'

/** The engine sums dy down to the input's shape. */
export const expand: GradientRule = dy => [dy]
