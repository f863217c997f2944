import type { GraphBuilder, Initial, Value } from '../graph'

export interface ConvOptions {
  out: number
  /** Side of the square kernel. */
  kernel: number
  stride?: number
  /** Zeros added on every side. */
  padding?: number
  /** Each of so many groups of channels sees only its own: as many as channels make it depthwise. */
  groups?: number
  /** False by default: a normalisation follows. */
  bias?: boolean
  /** What `weight` starts from; Kaiming normal over the fan-out (He et al. 2015) by default. */
  initial?: Initial
}

/**
 * 2-D convolution: x [N, C, H, W] -> [N, out, H', W'].
 * Parameters: `{name}.weight` [out, C / groups, kernel, kernel], with a bias `{name}.bias` [out], which starts at zero.
 */
export function conv(g: GraphBuilder, x: Value, name: string, options: ConvOptions): Value {
  const { out, kernel, stride = 1, padding = 0, groups = 1, bias = false } = options
  const initial = options.initial ?? {
    kind: 'normal',
    sd: Math.sqrt(2 / (out * kernel * kernel))
  }
  const weight = g.parameter(`${name}.weight`, [out, x.shape[1]! / groups, kernel, kernel], initial)
  const offset = bias ? [g.parameter(`${name}.bias`, [out], { kind: 'constant', value: 0 })] : []
  return g.node(
    'Conv',
    [x, weight, ...offset],
    {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      pads: [padding, padding, padding, padding],
      ...(groups > 1 ? { group: groups } : {})
    },
    name
  )
}
