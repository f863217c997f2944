import { scale } from '../../graph'
import type { GradientRule } from '../gradient-rule'

export const neg: GradientRule = (dy, { g }) => [g.node('Neg', [dy])]

export const exp: GradientRule = (dy, { g, output: y }) => [g.node('Mul', [dy, y])]

export const log: GradientRule = (dy, { g, inputs: [x] }) => [g.node('Div', [dy, x!])]

/** y = sqrt(x): dx = dy / (2 y). */
export const sqrt: GradientRule = (dy, { g, output: y }) => [scale(g, g.node('Div', [dy, y]), 0.5)]

/** dx = dy 2 / sqrt(pi) exp(-x^2). */
export const erf: GradientRule = (dy, { g, inputs: [x] }) => {
  const bell = g.node('Exp', [g.node('Neg', [g.node('Mul', [x!, x!])])])
  return [g.node('Mul', [dy, scale(g, bell, 2 / Math.sqrt(Math.PI))])]
}
