import { expand, pad, reshape, slice, type GraphBuilder, type Shape, type Value } from '../../graph'
import type { GradientRule } from '../gradient-rule'
import { padded, tap, windowOf, type Window } from './window'

/** Below any value a feature map takes: what the padding counts as. */
const LOWEST = -3.0e38

/** What one place of the window gives back: [N, C, H', W'], meant for every `stride`-th pixel from `offset` on. */
interface Share {
  values: Value
  offset: readonly [number, number]
}

/**
 * The gradient of each window goes to its maximum; of several equal ones to the first in reading order, as torch has
 * it. The maximum is found again by comparing, place by place of the window: indices from MaxPool are not to be had on
 * every provider.
 */
export const maxPool: GradientRule = (dy, { g, node, inputs: [x], output: y }) => {
  const window = windowOf(node.attributes, node.attributes.kernel_shape as readonly number[])
  const { kernel, pads } = window
  const size = y.shape.slice(2) as [number, number]
  const source = padded(g, x!, window, LOWEST)
  let taken: Value | null = null
  const shares: Share[] = []
  for (let row = 0; row < kernel[0]; row++) {
    for (let column = 0; column < kernel[1]; column++) {
      const seen = tap(g, source, window, [row, column], size)
      const equal = g.node('Cast', [g.node('Equal', [seen, y])], { to: 1 })
      const first: Value = taken ? g.node('Mul', [equal, g.node('Sub', [g.scalar(1), taken])]) : equal
      taken = taken ? g.node('Add', [taken, first]) : first
      shares.push({ values: g.node('Mul', [dy, first]), offset: [row, column] })
    }
  }
  const [H, W] = x!.shape.slice(2) as [number, number]
  return [
    slice(g, overlay(g, shares, window, x!.shape), [
      { axis: 2, start: pads[0], end: pads[0] + H },
      { axis: 3, start: pads[1], end: pads[1] + W }
    ])
  ]
}

/**
 * Adds up shares over the padded input, x's shape [N, C, H, W] with its padding rounded up to whole strides. Pixels are sorted by their place
 * within a stride (row mod s, column mod s): in such a plane a share lies without gaps, so that it is only shifted; at
 * last the planes are interleaved. Setting every share into the full grid would take several times as long.
 */
function overlay(g: GraphBuilder, shares: readonly Share[], { stride, pads }: Window, shape: Shape): Value {
  const [films, channels] = shape as [number, number]
  const height = Math.ceil((pads[0] + shape[2]! + pads[2]) / stride[0])
  const width = Math.ceil((pads[1] + shape[3]! + pads[3]) / stride[1])
  const plane = (row: number, column: number): Value => {
    const parts = shares
      .filter(({ offset }) => offset[0] % stride[0] === row && offset[1] % stride[1] === column)
      .map(({ values, offset }) => {
        const top = Math.floor(offset[0] / stride[0])
        const left = Math.floor(offset[1] / stride[1])
        const below = height - top - values.shape[2]!
        const right = width - left - values.shape[3]!
        return pad(g, values, [0, 0, top, left, 0, 0, below, right])
      })
    if (parts.length === 0) return expand(g, g.scalar(0), [films, channels, height, width])
    return parts.reduce((sofar, part) => g.node('Add', [sofar, part]))
  }
  const rows = range(stride[0]).map(row => {
    const columns = range(stride[1]).map(column =>
      reshape(g, plane(row, column), [films, channels, height, width, 1])
    )
    return reshape(g, concat(g, columns, 4), [films, channels, height, 1, width * stride[1]])
  })
  return reshape(g, concat(g, rows, 3), [films, channels, height * stride[0], width * stride[1]])
}

const range = (count: number) => [...Array(count).keys()]

const concat = (g: GraphBuilder, parts: readonly Value[], axis: number) =>
  parts.length === 1 ? parts[0]! : g.node('Concat', parts, { axis })
