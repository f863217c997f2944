import { expect, intAttribute, required, type Op } from './op'

/** Over the axes given as a constant, or over all: ReduceSum, ReduceMean, ReduceMax. */
export const reduction: Op = {
  inputs: [1, 2],
  attributes: { keepdims: 'int' },
  infer(inputs, attributes, constants) {
    const x = required(inputs[0], 0)
    expect(inputs.length === 1 || constants(1) !== null, 'the axes must be a constant')
    const axes = inputs.length === 1 ? x.shape.map((_, axis) => axis) : constants(1)!
    const gone = new Set(axes.map(axis => (axis < 0 ? axis + x.shape.length : axis)))
    const kept = intAttribute(attributes.keepdims, 1) === 1
    return [
      {
        dtype: x.dtype,
        shape: x.shape.flatMap((size, axis) => (gone.has(axis) ? (kept ? [1] : []) : [size]))
      }
    ]
  }
}
