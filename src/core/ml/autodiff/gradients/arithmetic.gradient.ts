import type { GradientRule } from '../gradient-rule'

export const add: GradientRule = dy => [dy, dy]

export const sub: GradientRule = (dy, { g, needs }) => [dy, needs[1] ? g.node('Neg', [dy]) : null]

export const mul: GradientRule = (dy, { g, inputs: [a, b], needs }) => [
  needs[0] ? g.node('Mul', [dy, b!]) : null,
  needs[1] ? g.node('Mul', [dy, a!]) : null
]

/** y = a / b: da = dy / b, db = -dy y / b. */
export const div: GradientRule = (dy, { g, inputs: [, b], output: y, needs }) => {
  const da = g.node('Div', [dy, b!])
  return [da, needs[1] ? g.node('Neg', [g.node('Mul', [da, y])]) : null]
}
