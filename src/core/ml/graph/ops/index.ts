/**
 * Every operator that our graphs may contain: the allow-list. An op is added here only once the runtime is shown to
 * load it (ml/runtime/allow-list.test.ts does so for each entry).
 *
 * To add one: write its `Op` in the file of its family, name it below, add a sample to that test.
 */
import { batchNormalization, conv, convTranspose, globalAveragePool, maxPool } from './convolution'
import { binary, cast, comparison, dropout, hardSigmoid, softmax, unary } from './elementwise'
import { gemm, matMul } from './matrix'
import { concat, expand, flatten, gather, pad, reshape, slice, transpose } from './movement'
import { layerNormalization } from './normalization'
import type { Op } from './op'
import { reduction } from './reduction'

export const OPS = {
  Add: binary,
  Sub: binary,
  Mul: binary,
  Div: binary,
  Neg: unary,
  Exp: unary,
  Log: unary,
  Sqrt: unary,
  Erf: unary,
  Relu: unary,
  Sigmoid: unary,
  Identity: unary,
  Dropout: dropout,
  HardSigmoid: hardSigmoid,
  Equal: comparison,
  Cast: cast,
  Softmax: softmax,
  ReduceSum: reduction,
  ReduceMean: reduction,
  ReduceMax: reduction,
  Conv: conv,
  ConvTranspose: convTranspose,
  MaxPool: maxPool,
  GlobalAveragePool: globalAveragePool,
  BatchNormalization: batchNormalization,
  LayerNormalization: layerNormalization,
  Gemm: gemm,
  MatMul: matMul,
  Reshape: reshape,
  Flatten: flatten,
  Transpose: transpose,
  Expand: expand,
  Concat: concat,
  Slice: slice,
  Gather: gather,
  Pad: pad
} as const satisfies Record<string, Op>

export type OpName = keyof typeof OPS

export function isOpName(name: string): name is OpName {
  return Object.hasOwn(OPS, name)
}

export type { AttributeKind, Op } from './op'
