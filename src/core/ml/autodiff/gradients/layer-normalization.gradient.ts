import { elementCount, int64, reshape, scale, sum } from '../../graph'
import type { GradientRule } from '../gradient-rule'

/**
 * y = c r w + b per row of C numbers, with c = x - mean(x) and r = 1 / sqrt(mean(c c) + epsilon):
 * dx = r (dy w - mean(dy w) - c r^2 mean(dy w c)). The means are products with w, and dw one with r, so that few passes
 * over the rows are made.
 */
export const layerNormalization: GradientRule = (dy, { g, node, inputs: [x, weight], needs }) => {
  const epsilon = (node.attributes.epsilon as number | undefined) ?? 1e-5
  const channels = weight!.shape[0]!
  const rows = elementCount(x!.shape) / channels
  const flat = reshape(g, x!, [rows, channels])
  const dFlat = reshape(g, dy, [rows, channels])
  const overRow = g.constant(int64([1], [1]), 'overRow')
  const centred = g.node('Sub', [flat, g.node('ReduceMean', [flat, overRow], { keepdims: 1 })])
  const variance = g.node('ReduceMean', [g.node('Mul', [centred, centred]), overRow], { keepdims: 1 })
  const r = g.node('Div', [g.scalar(1), g.node('Sqrt', [g.node('Add', [variance, g.scalar(epsilon)])])])
  const product = g.node('Mul', [dFlat, centred])

  const inputGradient = () => {
    const column = scale(g, reshape(g, weight!, [channels, 1]), 1 / channels)
    const slope = g.node('Mul', [g.node('Mul', [r, r]), g.node('MatMul', [product, column])])
    const level = g.node('Sub', [g.node('Mul', [dFlat, weight!]), g.node('MatMul', [dFlat, column])])
    const dx = g.node('Mul', [r, g.node('Sub', [level, g.node('Mul', [centred, slope])])])
    return reshape(g, dx, x!.shape)
  }
  return [
    needs[0] ? inputGradient() : null,
    needs[1] ? reshape(g, g.node('MatMul', [reshape(g, r, [1, rows]), product]), [channels]) : null,
    needs[2] ? sum(g, dFlat, [0], false) : null
  ]
}
