import { elementCount, formatShape } from '../tensor'
import { broadcast, constantInput, expect, intAttribute, intsAttribute, required, type Op } from './op'

/** The new shape must be a constant; 0 keeps an axis, one -1 is worked out. */
export const reshape: Op = {
  inputs: [2, 2],
  attributes: {},
  infer(inputs, _attributes, constants) {
    const x = required(inputs[0], 0)
    const wanted = constantInput(constants, 1, 'the shape')
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

export const transpose: Op = {
  inputs: [1, 1],
  attributes: { perm: 'ints' },
  infer(inputs, attributes) {
    const x = required(inputs[0], 0)
    const perm = intsAttribute(attributes.perm, x.shape.map((_, axis) => axis).reverse())
    const sorted = [...perm].sort((a, b) => a - b)
    expect(
      sorted.length === x.shape.length && sorted.every((axis, place) => axis === place),
      `perm ${formatShape(perm)} does not fit ${formatShape(x.shape)}`
    )
    return [{ dtype: x.dtype, shape: perm.map(axis => x.shape[axis]!) }]
  }
}

/** Repeats along axes of size 1 until the shape is the one given as a constant. */
export const expand: Op = {
  inputs: [2, 2],
  attributes: {},
  infer(inputs, _attributes, constants) {
    const x = required(inputs[0], 0)
    const wanted = constantInput(constants, 1, 'the shape')
    return [{ dtype: x.dtype, shape: broadcast(x.shape, wanted) }]
  }
}

export const concat: Op = {
  inputs: [1, 1024],
  attributes: { axis: 'int' },
  infer(inputs, attributes) {
    const first = required(inputs[0], 0)
    const axis = intAttribute(attributes.axis, 0)
    expect(axis >= 0 && axis < first.shape.length, `axis ${axis} is outside ${formatShape(first.shape)}`)
    const shape = [...first.shape]
    inputs.slice(1).forEach((input, index) => {
      const next = required(input, index + 1)
      expect(
        next.dtype === first.dtype &&
          next.shape.length === shape.length &&
          next.shape.every((size, place) => place === axis || size === shape[place]),
        `${formatShape(next.shape)} does not fit ${formatShape(first.shape)} on axis ${axis}`
      )
      shape[axis]! += next.shape[axis]!
    })
    return [{ dtype: first.dtype, shape }]
  }
}

/** x, then starts, ends, axes and steps as constants; ends beyond the axis stop at its end, negative ones count from it. */
export const slice: Op = {
  inputs: [5, 5],
  attributes: {},
  infer(inputs, _attributes, constants) {
    const x = required(inputs[0], 0)
    const starts = constantInput(constants, 1, 'starts')
    const ends = constantInput(constants, 2, 'ends')
    const axes = constantInput(constants, 3, 'axes')
    const steps = constantInput(constants, 4, 'steps')
    const shape = [...x.shape]
    axes.forEach((axis, place) => {
      const size = x.shape[axis]!
      const step = steps[place]!
      const from = (value: number, low: number, high: number) =>
        Math.min(Math.max(value < 0 ? value + size : value, low), high)
      const start = step > 0 ? from(starts[place]!, 0, size) : from(starts[place]!, 0, size - 1)
      const end = step > 0 ? from(ends[place]!, 0, size) : from(ends[place]!, -1, size - 1)
      shape[axis] = Math.max(0, Math.ceil((end - start) / step))
    })
    return [{ dtype: x.dtype, shape }]
  }
}

/** Rows of a matrix-like x by their numbers, given as a constant: x [R, ...], numbers [...] -> [...numbers, ...]. */
export const gather: Op = {
  inputs: [2, 2],
  attributes: { axis: 'int' },
  infer(inputs, attributes, constants) {
    const x = required(inputs[0], 0)
    const numbers = required(inputs[1], 1)
    const values = constantInput(constants, 1, 'the numbers')
    expect(intAttribute(attributes.axis, 0) === 0, 'only the first axis is used')
    expect(x.shape.length > 0, 'a single number has no rows')
    expect(
      values.every(value => value >= 0 && value < x.shape[0]!),
      `a number is outside the ${x.shape[0]} rows`
    )
    return [{ dtype: x.dtype, shape: [...numbers.shape, ...x.shape.slice(1)] }]
  }
}

/** x, then as constants the pads (all beginnings, then all ends) and the value put there. */
export const pad: Op = {
  inputs: [3, 3],
  attributes: {},
  infer(inputs, _attributes, constants) {
    const x = required(inputs[0], 0)
    const pads = constantInput(constants, 1, 'pads')
    const rank = x.shape.length
    expect(pads.length === 2 * rank, `pads must be ${2 * rank} numbers`)
    expect(
      pads.every(size => size >= 0),
      'pads must not be negative'
    )
    return [{ dtype: x.dtype, shape: x.shape.map((size, axis) => size + pads[axis]! + pads[rank + axis]!) }]
  }
}
