import { elementCount, formatShape } from '../tensor'
import { expect, intAttribute, required, type Op } from './op'

/** The new shape must be a constant; 0 keeps an axis, one -1 is worked out. */
export const reshape: Op = {
  inputs: [2, 2],
  attributes: {},
  infer(inputs, _attributes, constants) {
    const x = required(inputs[0], 0)
    const wanted = constants(1)
    expect(wanted !== null, 'the shape must be a constant')
    const shape = wanted.map((size, axis) => (size === 0 ? (x.shape[axis] ?? 0) : size))
    const unknown = shape.indexOf(-1)
    if (unknown >= 0) shape[unknown] = elementCount(x.shape) / -elementCount(shape)
    expect(
      shape.every(size => Number.isInteger(size) && size >= 0) &&
        elementCount(shape) === elementCount(x.shape),
      `cannot reshape ${formatShape(x.shape)} to ${formatShape(wanted)}`
    )
    return [{ dtype: x.dtype, shape }]
  }
}

/** All axes before `axis` become the first, the others the second: [N, C, 1, 1] -> [N, C]. */
export const flatten: Op = {
  inputs: [1, 1],
  attributes: { axis: 'int' },
  infer(inputs, attributes) {
    const x = required(inputs[0], 0)
    const axis = intAttribute(attributes.axis, 1)
    expect(axis >= 0 && axis <= x.shape.length, `axis ${axis} is outside ${formatShape(x.shape)}`)
    return [
      { dtype: x.dtype, shape: [elementCount(x.shape.slice(0, axis)), elementCount(x.shape.slice(axis))] }
    ]
  }
}
