import {} from '../../graph'
import { transposeMatrix } from '../emit'
import type { GradientRule } from '../gradient-rule'

/** Y = A B, stacks of matrices allowed: dA = dY B^T, dB = A^T dY. */
export const matMul: GradientRule = (dy, { g, inputs: [a, b], needs }) => [
  needs[0] ? g.node('MatMul', [dy, transposeMatrix(g, b!)]) : null,
  needs[1] ? g.node('MatMul', [transposeMatrix(g, a!), dy]) : null
]
