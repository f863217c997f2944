import { pad, slice, type Attributes, type GraphBuilder, type Shape, type Value } from '../../graph'

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

/** x [N, C, H, W] with the window's padding around it. */
export function padded(g: GraphBuilder, x: Value, { pads }: Window, value = 0): Value {
  return pad(g, x, [0, 0, pads[0], pads[1], 0, 0, pads[2], pads[3]], value)
}

/** What one place of the window sees as it slides over the padded input: [N, C, height, width]. */
export function tap(
  g: GraphBuilder,
  padded: Value,
  { stride }: Window,
  [row, column]: readonly [number, number],
  [height, width]: readonly [number, number]
): Value {
  return slice(g, padded, [
    { axis: 2, start: row, end: row + (height - 1) * stride[0] + 1, step: stride[0] },
    { axis: 3, start: column, end: column + (width - 1) * stride[1] + 1, step: stride[1] }
  ])
}
