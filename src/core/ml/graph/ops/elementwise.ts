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

/** One input, the same type out: Relu, Sigmoid, Exp ... */
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

/** max(0, min(1, alpha x + beta)). */
export const hardSigmoid: Op = {
  inputs: [1, 1],
  attributes: { alpha: 'float', beta: 'float' },
  infer: inputs => [required(inputs[0], 0)]
}

/** Two inputs of one type, broadcast: Equal. */
export const comparison: Op = {
  inputs: [2, 2],
  attributes: {},
  infer(inputs, attributes, constants) {
    return binary.infer(inputs, attributes, constants).map(({ shape }) => ({ dtype: 'bool' as const, shape }))
  }
}

/** `to` is ONNX's number for the type; only float32 (1) is used. */
export const cast: Op = {
  inputs: [1, 1],
  attributes: { to: 'int' },
  infer(inputs, attributes) {
    expect(attributes.to === 1, 'only a cast to float32 is used')
    return [{ dtype: 'float32', shape: required(inputs[0], 0).shape }]
  }
}

/** x, then the share dropped as a constant. Without a training flag it gives x: what is dropped, only training decides. */
export const dropout: Op = {
  inputs: [2, 2],
  attributes: {},
  infer: inputs => [required(inputs[0], 0)]
}
