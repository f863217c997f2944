import { reshape, slice, sum, transpose, type GraphBuilder, type Value } from '../../graph'
import { transposeMatrix } from '../emit'
import type { GradientRule } from '../gradient-rule'
import { padded, tap, windowOf, type Window } from './window'

/** Output places up to which one large product beats a stack of small ones that is then summed (measured on a CPU). */
const ONE_PRODUCT_UP_TO = 196

/** x [N, C, H, W], w [M, C, kH, kW], y [N, M, H', W']; depthwise (a filter per channel, w [C, 1, kH, kW]) with stride 1. */
export const conv: GradientRule = (dy, { g, node, inputs: [x, w], needs }) => {
  const window = windowOf(node.attributes, w!.shape.slice(2))
  const depthwise = ((node.attributes.group as number | undefined) ?? 1) !== 1
  if (
    depthwise &&
    (w!.shape[0] !== x!.shape[1] || w!.shape[1] !== 1 || window.stride.some(size => size > 1))
  ) {
    throw new Error('of grouped convolutions only depthwise ones with stride 1 can be differentiated')
  }
  const ofWeight = depthwise ? depthwiseWeightGradient : weightGradient
  return [
    needs[0] ? inputGradient(g, dy, x!, w!, window, depthwise) : null,
    needs[1] ? ofWeight(g, dy, x!, w!, window) : null,
    needs[2] ? sum(g, dy, [0, 2, 3], false) : null
  ]
}

/**
 * Every output pixel paints its filter back onto the input. With stride 1 that is an ordinary convolution with the
 * filters turned by 180 degrees, which runs faster than ConvTranspose.
 */
function inputGradient(
  g: GraphBuilder,
  dy: Value,
  x: Value,
  w: Value,
  { kernel, stride, pads }: Window,
  depthwise: boolean
): Value {
  const [kH, kW] = kernel
  if (stride[0] === 1 && stride[1] === 1) {
    return g.node('Conv', [dy, turned(g, w, depthwise)], {
      kernel_shape: [kH, kW],
      strides: [1, 1],
      pads: [kH - 1 - pads[0], kW - 1 - pads[1], kH - 1 - pads[2], kW - 1 - pads[3]],
      ...(depthwise ? { group: x.shape[1]! } : {})
    })
  }
  // Rows and columns of x that the last window did not reach.
  const rest = (axis: 0 | 1) =>
    x.shape[axis + 2]! +
    pads[axis] +
    pads[axis + 2]! -
    kernel[axis] -
    (dy.shape[axis + 2]! - 1) * stride[axis]
  return g.node('ConvTranspose', [dy, w], {
    kernel_shape: [...kernel],
    strides: [...stride],
    pads: [...pads],
    output_padding: [rest(0), rest(1)]
  })
}

/** The filters turned by 180 degrees: w [M, C, kH, kW] -> [C, M, kH, kW], or [C, 1, kH, kW] where each has one channel. */
function turned(g: GraphBuilder, w: Value, depthwise: boolean): Value {
  const [filters, channels, kH, kW] = w.shape as [number, number, number, number]
  const places = kH * kW
  if (places === 1) return depthwise ? w : transpose(g, w, [1, 0, 2, 3])
  // Turning is reversing the places; outermost, they are reversed in large blocks.
  const outermost = transpose(g, reshape(g, w, [filters, channels, places]), [2, 1, 0])
  const reversed = slice(g, outermost, [{ axis: 0, start: -1, end: -places - 1, step: -1 }])
  const perm = depthwise ? [2, 1, 0] : [1, 2, 0]
  const shape = depthwise ? [filters, channels, kH, kW] : [channels, filters, kH, kW]
  return reshape(g, transpose(g, reversed, perm), shape)
}

/** dW = dy (patches of x)^T over all films and places, the patches laid out as columns (im2col). */
function weightGradient(g: GraphBuilder, dy: Value, x: Value, w: Value, window: Window): Value {
  const [films, filters, height, width] = dy.shape as [number, number, number, number]
  const places = height * width
  const columns = patches(g, x, window, [height, width])
  const rows = columns.shape[1]!
  if (places > ONE_PRODUCT_UP_TO) {
    const perFilm = g.node('MatMul', [reshape(g, dy, [films, filters, places]), transposeMatrix(g, columns)])
    return reshape(g, sum(g, perFilm, [0], false), w.shape)
  }
  const flatten = (value: Value, size: number) =>
    reshape(g, transpose(g, reshape(g, value, [films, size, places]), [1, 0, 2]), [size, films * places])
  return reshape(g, g.node('Gemm', [flatten(dy, filters), flatten(columns, rows)], { transB: 1 }), w.shape)
}

/**
 * Each channel of each film is a convolution of its own, of x with dy as the filter: two to five times faster than tap
 * by tap (measured on a CPU).
 */
function depthwiseWeightGradient(g: GraphBuilder, dy: Value, x: Value, w: Value, window: Window): Value {
  const [films, channels, height, width] = dy.shape as [number, number, number, number]
  const maps = films * channels
  const found = g.node(
    'Conv',
    [reshape(g, x, [1, maps, x.shape[2]!, x.shape[3]!]), reshape(g, dy, [maps, 1, height, width])],
    { kernel_shape: [height, width], strides: [1, 1], pads: [...window.pads], group: maps }
  )
  return reshape(g, sum(g, reshape(g, found, [films, channels, ...window.kernel]), [0], false), w.shape)
}

/** x [N, C, H, W] -> [N, C kH kW, H' W'], in the order of w's axes. */
function patches(g: GraphBuilder, x: Value, window: Window, size: readonly [number, number]): Value {
  const [films, channels] = x.shape as [number, number]
  const [kH, kW] = window.kernel
  const places = size[0] * size[1]
  const source = padded(g, x, window)
  const taps: Value[] = []
  for (let row = 0; row < kH; row++) {
    for (let column = 0; column < kW; column++) {
      taps.push(reshape(g, tap(g, source, window, [row, column], size), [films, channels, 1, places]))
    }
  }
  const stacked = taps.length === 1 ? taps[0]! : g.node('Concat', taps, { axis: 2 })
  return reshape(g, stacked, [films, channels * kH * kW, places])
}
