import { pad, reshape, slice, type GraphBuilder, type Shape, type Value } from '../../graph'
import type { GradientRule } from '../gradient-rule'
import { padded, tap, windowOf, type Window } from './window'

/** Below any value a feature map takes: what the padding counts as. */
const LOWEST = -3.0e38

/**
 * The gradient of each window goes to its maximum; of several equal ones to the first in reading order, as torch has
 * it. The maximum is found again by comparing, place by place of the window: indices from MaxPool are not to be had on
 * every provider.
 */
export const maxPool: GradientRule = (dy, { g, node, inputs: [x], output: y }) => {
  const window = windowOf(node.attributes, node.attributes.kernel_shape as readonly number[])
  const { kernel, pads } = window
  const [height, width] = y.shape.slice(2) as [number, number]
  const source = padded(g, x!, window, LOWEST)
  let taken: Value | null = null
  const shares: Value[] = []
  for (let row = 0; row < kernel[0]; row++) {
    for (let column = 0; column < kernel[1]; column++) {
      const seen = tap(g, source, window, [row, column], [height, width])
      const equal = g.node('Cast', [g.node('Equal', [seen, y])], { to: 1 })
      const first: Value = taken ? g.node('Mul', [equal, g.node('Sub', [g.scalar(1), taken])]) : equal
      taken = taken ? g.node('Add', [taken, first]) : first
      shares.push(place(g, g.node('Mul', [dy, first]), window, [row, column], source.shape))
    }
  }
  const total = shares.reduce((sofar, share) => g.node('Add', [sofar, share]))
  const [H, W] = x!.shape.slice(2) as [number, number]
  return [
    slice(g, total, [
      { axis: 2, start: pads[0], end: pads[0] + H },
      { axis: 3, start: pads[1], end: pads[1] + W }
    ])
  ]
}

/** Sets values [N, C, h, w] into zeros of the padded shape, `stride` apart, beginning at `offset`. */
function place(
  g: GraphBuilder,
  values: Value,
  { stride }: Window,
  offset: readonly [number, number],
  shape: Shape
): Value {
  const [films, channels, height, width] = values.shape as [number, number, number, number]
  const apart = pad(g, reshape(g, values, [films, channels, height, 1, width, 1]), [
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    stride[0] - 1,
    0,
    stride[1] - 1
  ])
  const grid = reshape(g, apart, [films, channels, height * stride[0], width * stride[1]])
  const reach = [(height - 1) * stride[0] + 1, (width - 1) * stride[1] + 1] as const
  const cut = slice(g, grid, [
    { axis: 2, start: 0, end: reach[0] },
    { axis: 3, start: 0, end: reach[1] }
  ])
  const below = shape[2]! - offset[0] - reach[0]
  const right = shape[3]! - offset[1] - reach[1]
  return pad(g, cut, [0, 0, offset[0], offset[1], 0, 0, below, right])
}
