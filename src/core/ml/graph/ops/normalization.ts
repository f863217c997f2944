import { expect, intAttribute, required, type Op } from './op'

/** Over the last axis: x [..., C], then scale and bias [C] -> like x. */
export const layerNormalization: Op = {
  inputs: [3, 3],
  attributes: { axis: 'int', epsilon: 'float' },
  infer(inputs, attributes) {
    const x = required(inputs[0], 0)
    const channels = x.shape.at(-1)
    const axis = intAttribute(attributes.axis, -1)
    expect(axis === -1 || axis === x.shape.length - 1, 'only the last axis is used')
    for (const index of [1, 2]) {
      const { shape } = required(inputs[index], index)
      expect(shape.length === 1 && shape[0] === channels, `input ${index} must be [${channels}]`)
    }
    return [x]
  }
}
