import type { GraphBuilder, Value } from '../graph'

/** Largest value in each square window: x [N, C, H, W] -> [N, C, H', W']. */
export function maxPool(
  g: GraphBuilder,
  x: Value,
  name: string,
  { kernel, stride, padding }: { kernel: number; stride: number; padding: number }
): Value {
  return g.node(
    'MaxPool',
    [x],
    {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      pads: [padding, padding, padding, padding]
    },
    name
  )
}

/** Mean over all places: x [N, C, H, W] -> [N, C]. */
export function globalAveragePool(g: GraphBuilder, x: Value, name: string): Value {
  return g.node('Flatten', [g.node('GlobalAveragePool', [x], {}, `${name}.mean`)], { axis: 1 }, name)
}
