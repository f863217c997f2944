import type { GradientRule } from '../gradient-rule'

/** dx = dy y (1 - y). */
export const sigmoid: GradientRule = (dy, { g, output: y }) => {
  const slope = g.node('Mul', [y, g.node('Sub', [g.scalar(1), y])])
  return [g.node('Mul', [dy, slope])]
}
