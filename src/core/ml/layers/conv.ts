import type { GraphBuilder, Value } from '../graph'

export interface ConvOptions {
  out: number
  /** Side of the square kernel. */
  kernel: number
  stride?: number
  /** Zeros added on every side. */
  padding?: number
}

/**
 * 2-D convolution without bias (a batch-norm follows): x [N, C, H, W] -> [N, out, H', W'].
 * Parameter: `{name}.weight` [out, C, kernel, kernel], Kaiming normal over the fan-out (He et al. 2015), as torchvision.
 */
export function conv(g: GraphBuilder, x: Value, name: string, options: ConvOptions): Value {
  const { out, kernel, stride = 1, padding = 0 } = options
  const weight = g.parameter(`${name}.weight`, [out, x.shape[1]!, kernel, kernel], {
    kind: 'normal',
    sd: Math.sqrt(2 / (out * kernel * kernel))
  })
  return g.node(
    'Conv',
    [x, weight],
    {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      pads: [padding, padding, padding, padding]
    },
    name
  )
}
