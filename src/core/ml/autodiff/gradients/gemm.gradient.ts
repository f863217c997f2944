import { scale } from '../../graph'
import type { GradientRule } from '../gradient-rule'

/** Y = alpha A' B' + beta C, where ' transposes if the attribute says so. Each product below is one Gemm again. */
export const gemm: GradientRule = (dy, { g, node, inputs: [a, b], needs }) => {
  const { alpha = 1, beta = 1, transA = 0, transB = 0 } = node.attributes as Record<string, number>
  const product = (left: typeof a, right: typeof a, flipLeft: number, flipRight: number) =>
    g.node('Gemm', [left!, right!], { alpha, transA: flipLeft, transB: flipRight })
  return [
    needs[0] ? (transA ? product(b!, dy, transB, 1) : product(dy, b!, 0, 1 - transB)) : null,
    needs[1] ? (transB ? product(dy, a!, 1, transA) : product(a!, dy, 1 - transA, 0)) : null,
    needs[2] ? scale(g, dy, beta) : null
  ]
}
