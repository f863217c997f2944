/**
 * Every operator that our graphs may contain: the allow-list. An op is added here only once the runtime is shown to
 * load it (ml/runtime/allow-list.test.ts does so for each entry).
 *
 * To add one: write its `Op` in the file of its family, name it below, add a sample to `samples.ts`.
 */
import { batchNormalization, conv, globalAveragePool, maxPool } from './convolution'
import { binary, softmax, unary } from './elementwise'
import { gemm } from './matrix'
import { flatten, reshape } from './movement'
import type { Op } from './op'

export const OPS = {
  Add: binary,
  Sub: binary,
  Mul: binary,
  Div: binary,
  Relu: unary,
  Sigmoid: unary,
  Identity: unary,
  Softmax: softmax,
  Conv: conv,
  MaxPool: maxPool,
  GlobalAveragePool: globalAveragePool,
  BatchNormalization: batchNormalization,
  Gemm: gemm,
  Reshape: reshape,
  Flatten: flatten
} as const satisfies Record<string, Op>

export type OpName = keyof typeof OPS

export function isOpName(name: string): name is OpName {
  return Object.hasOwn(OPS, name)
}

export type { AttributeKind, Op } from './op'
