import type { Attributes } from '../graph'
import { formatShape, type Shape } from '../tensor'
import { expect, intAttribute, intsAttribute, required, type Op } from './op'

/** Side lengths after sliding a window over the last axes of [N, C, ...]. */
function slide(input: Shape, kernel: readonly number[], attributes: Attributes): number[] {
  const axes = kernel.length
  const strides = intsAttribute(attributes.strides, new Array<number>(axes).fill(1))
  const pads = intsAttribute(attributes.pads, new Array<number>(2 * axes).fill(0))
  const dilations = intsAttribute(attributes.dilations, new Array<number>(axes).fill(1))
  expect(strides.length === axes, `strides need ${axes} numbers`)
  expect(pads.length === 2 * axes, `pads need ${2 * axes} numbers`)
  expect(dilations.length === axes, `dilations need ${axes} numbers`)
  return kernel.map((size, axis) => {
    const padded = input[axis + 2]! + pads[axis]! + pads[axes + axis]!
    const span = dilations[axis]! * (size - 1) + 1
    expect(padded >= span, `window of ${span} does not fit into ${padded} on axis ${axis + 2}`)
    return Math.floor((padded - span) / strides[axis]!) + 1
  })
}

const windowAttributes = { kernel_shape: 'ints', strides: 'ints', pads: 'ints', dilations: 'ints' } as const

/** x [N, C, H, W], weight [M, C / group, kH, kW], bias [M] -> [N, M, H', W']. */
export const conv: Op = {
  inputs: [2, 3],
  attributes: { ...windowAttributes, group: 'int' },
  infer(inputs, attributes) {
    const x = required(inputs[0], 0)
    const weight = required(inputs[1], 1)
    expect(x.shape.length >= 3 && x.shape.length === weight.shape.length, 'input and weight differ in rank')
    const group = intAttribute(attributes.group, 1)
    const [batch, channels] = x.shape as [number, number]
    const [filters, perGroup, ...kernel] = weight.shape as [number, number, ...number[]]
    expect(
      channels === perGroup * group && filters % group === 0,
      `weight ${formatShape(weight.shape)} in ${group} group(s) does not fit ${channels} channels`
    )
    const bias = inputs[2]
    expect(!bias || (bias.shape.length === 1 && bias.shape[0] === filters), `bias must be [${filters}]`)
    return [{ dtype: x.dtype, shape: [batch, filters, ...slide(x.shape, kernel, attributes)] }]
  }
}

/** [N, C, H, W] -> [N, C, H', W']. */
export const maxPool: Op = {
  inputs: [1, 1],
  attributes: windowAttributes,
  infer(inputs, attributes) {
    const x = required(inputs[0], 0)
    const kernel = intsAttribute(attributes.kernel_shape, [])
    expect(kernel.length === x.shape.length - 2, 'kernel_shape does not match the rank of the input')
    return [{ dtype: x.dtype, shape: [...x.shape.slice(0, 2), ...slide(x.shape, kernel, attributes)] }]
  }
}

/** [N, C, H, W] -> [N, C, 1, 1]. */
export const globalAveragePool: Op = {
  inputs: [1, 1],
  attributes: {},
  infer(inputs) {
    const x = required(inputs[0], 0)
    expect(x.shape.length >= 3, 'needs [N, C, ...]')
    return [{ dtype: x.dtype, shape: [...x.shape.slice(0, 2), ...x.shape.slice(2).map(() => 1)] }]
  }
}

/** With running statistics (evaluation): x [N, C, ...], then scale, bias, mean, variance [C] -> like x. */
export const batchNormalization: Op = {
  inputs: [5, 5],
  attributes: { epsilon: 'float' },
  infer(inputs) {
    const x = required(inputs[0], 0)
    for (let index = 1; index < 5; index++) {
      const { shape } = required(inputs[index], index)
      expect(shape.length === 1 && shape[0] === x.shape[1], `input ${index} must be [${x.shape[1]}]`)
    }
    return [x]
  }
}

/** The transpose of conv: x [N, M, H, W], weight [M, C / group, kH, kW] -> [N, C, H', W']. */
export const convTranspose: Op = {
  inputs: [2, 3],
  attributes: { ...windowAttributes, group: 'int', output_padding: 'ints' },
  infer(inputs, attributes) {
    const x = required(inputs[0], 0)
    const weight = required(inputs[1], 1)
    expect(x.shape.length === weight.shape.length, 'input and weight differ in rank')
    expect(
      x.shape[1] === weight.shape[0],
      `weight ${formatShape(weight.shape)} does not fit ${x.shape[1]} channels`
    )
    const kernel = weight.shape.slice(2)
    const axes = kernel.length
    const strides = intsAttribute(attributes.strides, new Array<number>(axes).fill(1))
    const pads = intsAttribute(attributes.pads, new Array<number>(2 * axes).fill(0))
    const rest = intsAttribute(attributes.output_padding, new Array<number>(axes).fill(0))
    const sides = kernel.map(
      (size, axis) =>
        (x.shape[axis + 2]! - 1) * strides[axis]! + size + rest[axis]! - pads[axis]! - pads[axes + axis]!
    )
    return [
      { dtype: x.dtype, shape: [x.shape[0]!, weight.shape[1]! * intAttribute(attributes.group, 1), ...sides] }
    ]
  }
}
