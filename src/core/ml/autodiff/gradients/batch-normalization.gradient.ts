import { reshape, sum, type Value } from '../../graph'
import type { GradientRule } from '../gradient-rule'

/**
 * Frozen batch normalisation, y = (x - mean) r scale + bias with r = 1 / sqrt(variance + epsilon): one factor per
 * channel. The running statistics are buffers and have no gradient.
 * x, dy [N, C, ...]; scale, bias, mean, variance [C].
 */
export const batchNormalization: GradientRule = (dy, { g, node, inputs, needs }) => {
  const [x, weight, , mean, variance] = inputs as Value[]
  const epsilon = (node.attributes.epsilon as number | undefined) ?? 1e-5
  const perChannel = [1, x!.shape[1]!, ...x!.shape.slice(2).map(() => 1)]
  const r = g.node('Div', [g.scalar(1), g.node('Sqrt', [g.node('Add', [variance!, g.scalar(epsilon)])])])
  const others = x!.shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]))
  const overChannel = (value: Value) => sum(g, value, others, false)

  const sumDy = needs[1] || needs[2] ? overChannel(dy) : null
  return [
    needs[0] ? g.node('Mul', [dy, reshape(g, g.node('Mul', [weight!, r]), perChannel)]) : null,
    // sum(dy (x - mean)) r = (sum(dy x) - mean sum(dy)) r: no centred copy of x is made.
    needs[1]
      ? g.node('Mul', [
          g.node('Sub', [overChannel(g.node('Mul', [dy, x!])), g.node('Mul', [mean!, sumDy!])]),
          r
        ])
      : null,
    needs[2] ? sumDy : null,
    null,
    null
  ]
}
