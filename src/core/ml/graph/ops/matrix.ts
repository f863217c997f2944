import { formatShape, sameShape } from '../tensor'
import { broadcast, expect, intAttribute, required, type Op } from './op'

/** alpha * A B + beta * C for matrices, each transposed first if asked. */
export const gemm: Op = {
  inputs: [2, 3],
  attributes: { alpha: 'float', beta: 'float', transA: 'int', transB: 'int' },
  infer(inputs, attributes) {
    const a = required(inputs[0], 0)
    const b = required(inputs[1], 1)
    expect(a.shape.length === 2 && b.shape.length === 2, 'needs two matrices')
    const [rows, inner] = intAttribute(attributes.transA, 0)
      ? [a.shape[1]!, a.shape[0]!]
      : [a.shape[0]!, a.shape[1]!]
    const [innerB, columns] = intAttribute(attributes.transB, 0)
      ? [b.shape[1]!, b.shape[0]!]
      : [b.shape[0]!, b.shape[1]!]
    expect(inner === innerB, `inner sizes of ${formatShape(a.shape)} and ${formatShape(b.shape)} differ`)
    const c = inputs[2]
    expect(
      !c || sameShape(broadcast(c.shape, [rows, columns]), [rows, columns]),
      'C does not broadcast to the product'
    )
    return [{ dtype: a.dtype, shape: [rows, columns] }]
  }
}

/** Stacks of matrices [..., M, K] [..., K, N] -> [..., M, N]; the leading axes broadcast. */
export const matMul: Op = {
  inputs: [2, 2],
  attributes: {},
  infer(inputs) {
    const a = required(inputs[0], 0)
    const b = required(inputs[1], 1)
    expect(a.shape.length >= 2 && b.shape.length >= 2, 'needs two matrices or stacks of them')
    expect(
      a.shape.at(-1) === b.shape.at(-2),
      `inner sizes of ${formatShape(a.shape)} and ${formatShape(b.shape)} differ`
    )
    const stack = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2))
    return [{ dtype: a.dtype, shape: [...stack, a.shape.at(-2)!, b.shape.at(-1)!] }]
  }
}
