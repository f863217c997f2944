import type { GraphBuilder, Value } from '../graph'

export function relu(g: GraphBuilder, x: Value, name?: string): Value {
  return g.node('Relu', [x], {}, name)
}

export function sigmoid(g: GraphBuilder, x: Value, name?: string): Value {
  return g.node('Sigmoid', [x], {}, name)
}

/** x Phi(x), exact (torch's default), in the form that onnxruntime knows to fuse: 0.5 x (1 + erf(x / sqrt 2)). */
export function gelu(g: GraphBuilder, x: Value, name?: string): Value {
  const erf = g.node('Erf', [g.node('Div', [x, g.scalar(Math.SQRT2)])])
  const doubled = g.node('Mul', [x, g.node('Add', [erf, g.scalar(1)])])
  return g.node('Mul', [doubled, g.scalar(0.5)], {}, name)
}

/** Over the last axis. */
export function softmax(g: GraphBuilder, x: Value, name?: string): Value {
  return g.node('Softmax', [x], { axis: x.shape.length - 1 }, name)
}
