import type { GraphBuilder } from './builder'
import type { Value } from './graph'
import { int64, sameShape, type Shape } from './tensor'

/** Small pieces of graph that layers and gradients are made of; what would change nothing is not emitted. */

export function reshape(g: GraphBuilder, x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x
  return g.node('Reshape', [x, g.constant(int64([shape.length], shape), 'shape')])
}

export function transpose(g: GraphBuilder, x: Value, perm: readonly number[]): Value {
  return perm.every((axis, place) => axis === place) ? x : g.node('Transpose', [x], { perm })
}

export function sum(g: GraphBuilder, x: Value, axes: readonly number[], keepdims: boolean): Value {
  if (axes.length === 0) return x
  return g.node('ReduceSum', [x, g.constant(int64([axes.length], axes), 'axes')], {
    keepdims: keepdims ? 1 : 0
  })
}

export function scale(g: GraphBuilder, x: Value, factor: number): Value {
  return factor === 1 ? x : g.node('Mul', [x, g.scalar(factor)])
}

export function expand(g: GraphBuilder, x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x
  return g.node('Expand', [x, g.constant(int64([shape.length], shape), 'shape')])
}

export function slice(
  g: GraphBuilder,
  x: Value,
  ranges: readonly { axis: number; start: number; end: number; step?: number }[]
): Value {
  const whole = ranges.every(
    ({ axis, start, end, step = 1 }) => start === 0 && end >= x.shape[axis]! && step === 1
  )
  if (whole) return x
  const column = (pick: (range: (typeof ranges)[number]) => number, name: string) =>
    g.constant(int64([ranges.length], ranges.map(pick)), name)
  return g.node('Slice', [
    x,
    column(range => range.start, 'starts'),
    column(range => range.end, 'ends'),
    column(range => range.axis, 'axes'),
    column(range => range.step ?? 1, 'steps')
  ])
}

/** Puts `value` around a tensor: `pads` as ONNX has them, all beginnings, then all ends. */
export function pad(g: GraphBuilder, x: Value, pads: readonly number[], value = 0): Value {
  if (pads.every(size => size === 0)) return x
  return g.node('Pad', [x, g.constant(int64([pads.length], pads), 'pads'), g.scalar(value)])
}
