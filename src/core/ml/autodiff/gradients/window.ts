import {
  elementCount,
  pad,
  reshape,
  slice,
  transpose,
  type Attributes,
  type GraphBuilder,
  type Shape,
  type Value
} from '../../graph'

/** A sliding window over [N, C, H, W], as Conv and MaxPool have it. */
export interface Window {
  kernel: readonly [number, number]
  stride: readonly [number, number]
  /** top, left, bottom, right */
  pads: readonly [number, number, number, number]
}

/** @throws Error for what our layers never emit: dilation, or other than two spatial axes */
export function windowOf(attributes: Attributes, kernelShape: Shape): Window {
  const pair = (value: unknown, absent: number) => (value as [number, number] | undefined) ?? [absent, absent]
  const dilations = pair(attributes.dilations, 1)
  if (kernelShape.length !== 2 || dilations.some(size => size !== 1)) {
    throw new Error('only two-dimensional windows without dilation can be differentiated')
  }
  return {
    kernel: kernelShape as [number, number],
    stride: pair(attributes.strides, 1),
    pads: (attributes.pads as [number, number, number, number] | undefined) ?? [0, 0, 0, 0]
  }
}

/**
 * x [N, C, H, W] with the window's padding around it, its columns sorted by their place within a stride s:
 * [s, N, C, H', ceil(W' / s)]. What a place of the window sees then lies in whole rows: picking every second column for each
 * place anew takes five to ten times as long (measured on a CPU).
 */
export function padded(g: GraphBuilder, x: Value, { stride, pads }: Window, value = 0): Value {
  const [films, channels, height, width] = x.shape as [number, number, number, number]
  const rows = pads[0] + height + pads[2]
  const columns = Math.ceil((pads[1] + width + pads[3]) / stride[1])
  const whole = pad(
    g,
    x,
    [0, 0, pads[0], pads[1], 0, 0, pads[2], columns * stride[1] - pads[1] - width],
    value
  )
  const sorted =
    stride[1] === 1
      ? whole
      : transpose(g, reshape(g, whole, [elementCount(whole.shape) / stride[1], stride[1]]), [1, 0])
  return reshape(g, sorted, [stride[1], films, channels, rows, columns])
}

/** What one place of the window sees as it slides over the padded input: [N, C, height, width]. */
export function tap(
  g: GraphBuilder,
  padded: Value,
  { stride }: Window,
  [row, column]: readonly [number, number],
  [height, width]: readonly [number, number]
): Value {
  const left = Math.floor(column / stride[1])
  const seen = slice(g, padded, [
    { axis: 0, start: column % stride[1], end: (column % stride[1]) + 1 },
    { axis: 3, start: row, end: row + (height - 1) * stride[0] + 1, step: stride[0] },
    { axis: 4, start: left, end: left + width }
  ])
  return reshape(g, seen, [padded.shape[1]!, padded.shape[2]!, height, width])
}
