import type { GraphBuilder, Value } from '../graph'

/**
 * Fully connected layer: x [N, in] -> [N, out].
 * Parameters: `{name}.weight` [out, in], `{name}.bias` [out], both uniform in +-1/sqrt(in), as torch.nn.Linear.
 */
export function linear(g: GraphBuilder, x: Value, name: string, out: number): Value {
  const size = x.shape[1]!
  const initial = { kind: 'uniform', bound: 1 / Math.sqrt(size) } as const
  const weight = g.parameter(`${name}.weight`, [out, size], initial)
  const bias = g.parameter(`${name}.bias`, [out], initial)
  return g.node('Gemm', [x, weight, bias], { transB: 1 }, name)
}
