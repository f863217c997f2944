import { elementCount, reshape, type GraphBuilder, type Initial, type Value } from '../graph'

export interface LinearOptions {
  /** True by default. */
  bias?: boolean
  /** What `weight` starts from, the bias then being zero; by default both are uniform in +-1/sqrt(in), as torch.nn.Linear. */
  initial?: Initial
}

/**
 * Fully connected layer over the last axis: x [..., in] -> [..., out].
 * Parameters: `{name}.weight` [out, in], `{name}.bias` [out].
 */
export function linear(
  g: GraphBuilder,
  x: Value,
  name: string,
  out: number,
  { bias = true, initial }: LinearOptions = {}
): Value {
  const size = x.shape.at(-1)!
  const spread = { kind: 'uniform', bound: 1 / Math.sqrt(size) } as const
  const weight = g.parameter(`${name}.weight`, [out, size], initial ?? spread)
  const offset = bias
    ? [g.parameter(`${name}.bias`, [out], initial ? { kind: 'constant', value: 0 } : spread)]
    : []
  if (x.shape.length === 2) return g.node('Gemm', [x, weight, ...offset], { transB: 1 }, name)
  const rows = reshape(g, x, [elementCount(x.shape) / size, size])
  const y = g.node('Gemm', [rows, weight, ...offset], { transB: 1 }, name)
  return reshape(g, y, [...x.shape.slice(0, -1), out])
}
