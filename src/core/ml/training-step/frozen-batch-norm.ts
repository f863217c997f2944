import { reshape, type Attributes, type GraphBuilder, type Value } from '../graph'

/**
 * The same builder, but frozen batch normalisation is folded into the convolution before it, by
 * scale (w x - mean) r + bias = (scale r w) x + (bias - mean scale r) with r = 1 / sqrt(variance + epsilon).
 * The feature maps then are passed over twice less forward and back, and the convolution's own output need not be kept
 * for the gradient of `scale`, which now follows from that of the weights. What is left without use by this (the
 * unscaled convolution) stays in the builder as dead nodes.
 */
export function withFoldedBatchNorm(g: GraphBuilder): GraphBuilder {
  const convolutions = new Map<string, { x: Value; weight: Value; attributes: Attributes }>()
  return {
    ...g,
    node(op, inputs, attributes = {}, name) {
      const before = op === 'BatchNormalization' ? convolutions.get(inputs[0]!.name) : undefined
      if (before) {
        const [, scale, bias, mean, variance] = inputs as Value[]
        const { x, weight, attributes: window } = before
        const deviation = g.node('Sqrt', [g.node('Add', [variance!, g.scalar(attributes.epsilon as number)])])
        const factor = g.node('Div', [scale!, deviation])
        const perFilter = reshape(g, factor, [factor.shape[0]!, 1, 1, 1])
        const shift = g.node('Sub', [bias!, g.node('Mul', [mean!, factor])])
        return g.node('Conv', [x, g.node('Mul', [weight, perFilter]), shift], window, name)
      }
      const output = g.node(op, inputs, attributes, name)
      if (op === 'Conv' && inputs.length === 2) {
        convolutions.set(output.name, { x: inputs[0]!, weight: inputs[1]!, attributes })
      }
      return output
    }
  }
}
