import {
  elementCount,
  expand,
  reshape,
  sameShape,
  sum,
  transpose,
  type GraphBuilder,
  type Shape,
  type Value
} from '../graph'

/** Swaps the last two axes. */
export function transposeMatrix(g: GraphBuilder, x: Value): Value {
  const axes = x.shape.map((_, axis) => axis)
  return transpose(g, x, [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!])
}

/** Undoes broadcasting: sums over the axes along which a tensor of `shape` was repeated, or repeats a scalar. */
export function sumTo(g: GraphBuilder, x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x
  if (elementCount(x.shape) < elementCount(shape)) return expand(g, x, shape)
  const extra = x.shape.length - shape.length
  const axes = x.shape.flatMap((size, axis) =>
    axis < extra || (shape[axis - extra] === 1 && size > 1) ? [axis] : []
  )
  return reshape(g, sum(g, x, axes, false), shape)
}
