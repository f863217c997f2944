import { broadcast, expect, required, type Op } from './op'

/** Two inputs of one type, broadcast against each other: Add, Sub, Mul, Div. */
export const binary: Op = {
  inputs: [2, 2],
  attributes: {},
  infer(inputs) {
    const a = required(inputs[0], 0)
    const b = required(inputs[1], 1)
    expect(a.dtype === b.dtype, `cannot combine ${a.dtype} with ${b.dtype}`)
    return [{ dtype: a.dtype, shape: broadcast(a.shape, b.shape) }]
  }
}

/** One input, the same type out: Relu, Sigmoid, Identity. */
export const unary: Op = {
  inputs: [1, 1],
  attributes: {},
  infer: inputs => [required(inputs[0], 0)]
}

export const softmax: Op = {
  inputs: [1, 1],
  attributes: { axis: 'int' },
  infer: inputs => [required(inputs[0], 0)]
}
