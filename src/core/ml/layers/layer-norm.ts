import { transpose, type GraphBuilder, type Value } from '../graph'

/**
 * Layer normalisation over the last axis: x [..., C] -> the same shape.
 * Parameters [C]: `{name}.weight`, `{name}.bias`.
 */
export function layerNorm(g: GraphBuilder, x: Value, name: string, epsilon: number): Value {
  const channels = [x.shape.at(-1)!]
  const weight = g.parameter(`${name}.weight`, channels, { kind: 'constant', value: 1 })
  const bias = g.parameter(`${name}.bias`, channels, { kind: 'constant', value: 0 })
  return g.node('LayerNormalization', [x, weight, bias], { axis: -1, epsilon }, name)
}

/** The same over the channels of a map: x [N, C, H, W]. */
export function layerNorm2d(g: GraphBuilder, x: Value, name: string, epsilon: number): Value {
  return channelsFirst(g, layerNorm(g, channelsLast(g, x), name, epsilon))
}

/** [N, C, H, W] -> [N, H, W, C] */
export function channelsLast(g: GraphBuilder, x: Value): Value {
  return transpose(g, x, [0, 2, 3, 1])
}

/** [N, H, W, C] -> [N, C, H, W] */
export function channelsFirst(g: GraphBuilder, x: Value): Value {
  return transpose(g, x, [0, 3, 1, 2])
}
