import type { Attributes, Shape } from '../../graph'

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
