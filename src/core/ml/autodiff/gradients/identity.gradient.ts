import type { GradientRule } from '../gradient-rule'

export const identity: GradientRule = dy => [dy]
