import type { GraphBuilder, Value } from '../graph'

export function relu(g: GraphBuilder, x: Value, name?: string): Value {
  return g.node('Relu', [x], {}, name)
}

export function sigmoid(g: GraphBuilder, x: Value, name?: string): Value {
  return g.node('Sigmoid', [x], {}, name)
}

/** Over the last axis. */
export function softmax(g: GraphBuilder, x: Value, name?: string): Value {
  return g.node('Softmax', [x], { axis: x.shape.length - 1 }, name)
}
