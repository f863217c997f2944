import type { OpName } from '../graph'
import type { GradientRule } from './gradient-rule'
import { add, div, mul, sub } from './gradients/arithmetic.gradient'
import { batchNormalization } from './gradients/batch-normalization.gradient'
import { concat } from './gradients/concat.gradient'
import { conv } from './gradients/conv.gradient'
import { expand } from './gradients/expand.gradient'
import { erf, exp, log, neg, sqrt } from './gradients/functions.gradient'
import { gather } from './gradients/gather.gradient'
import { gemm } from './gradients/gemm.gradient'
import { globalAveragePool } from './gradients/global-average-pool.gradient'
import { identity } from './gradients/identity.gradient'
import { layerNormalization } from './gradients/layer-normalization.gradient'
import { matMul } from './gradients/mat-mul.gradient'
import { maxPool } from './gradients/max-pool.gradient'
import { pad } from './gradients/pad.gradient'
import { reduceMax, reduceMean, reduceSum } from './gradients/reduce.gradient'
import { relu } from './gradients/relu.gradient'
import { sameElements } from './gradients/same-elements.gradient'
import { sigmoid } from './gradients/sigmoid.gradient'
import { slice } from './gradients/slice.gradient'
import { softmax } from './gradients/softmax.gradient'
import { transpose } from './gradients/transpose.gradient'

/** Every operator that can be differentiated. An operator without a rule stops `differentiate` with its name. */
export const GRADIENT_RULES: Partial<Record<OpName, GradientRule>> = {
  Add: add,
  Sub: sub,
  Mul: mul,
  Div: div,
  Neg: neg,
  Exp: exp,
  Log: log,
  Sqrt: sqrt,
  Erf: erf,
  Identity: identity,
  Relu: relu,
  Sigmoid: sigmoid,
  Softmax: softmax,
  ReduceSum: reduceSum,
  ReduceMean: reduceMean,
  ReduceMax: reduceMax,
  MatMul: matMul,
  Gemm: gemm,
  Conv: conv,
  MaxPool: maxPool,
  GlobalAveragePool: globalAveragePool,
  BatchNormalization: batchNormalization,
  LayerNormalization: layerNormalization,
  Reshape: sameElements,
  Flatten: sameElements,
  Transpose: transpose,
  Expand: expand,
  Concat: concat,
  Slice: slice,
  Gather: gather,
  Pad: pad
}
