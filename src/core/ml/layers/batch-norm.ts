import type { GraphBuilder, Value } from '../graph'

const BATCH_NORM_EPSILON = 1e-5

export interface BatchNormOptions {
  /** What `weight` starts at: 0 makes the branch it ends vanish at first (Goyal et al. 2017). */
  initialScale?: number
}

/**
 * Batch normalisation with running statistics (evaluation): x [N, C, H, W] -> the same shape.
 * Parameters [C]: `{name}.weight`, `{name}.bias`; buffers [C]: `{name}.running_mean`, `{name}.running_var`.
 */
export function batchNorm(g: GraphBuilder, x: Value, name: string, options: BatchNormOptions = {}): Value {
  const channels = [x.shape[1]!]
  const zeros = { kind: 'constant', value: 0 } as const
  const ones = { kind: 'constant', value: 1 } as const
  return g.node(
    'BatchNormalization',
    [
      x,
      g.parameter(`${name}.weight`, channels, { kind: 'constant', value: options.initialScale ?? 1 }),
      g.parameter(`${name}.bias`, channels, zeros),
      g.parameter(`${name}.running_mean`, channels, zeros, 'buffer'),
      g.parameter(`${name}.running_var`, channels, ones, 'buffer')
    ],
    { epsilon: BATCH_NORM_EPSILON },
    name
  )
}
