import type { GraphBuilder, Value } from '../graph'

export interface AdamOptions {
  beta1: number
  beta2: number
  epsilon: number
  weightDecay: number
  /** false: the decay is added to the gradient (torch.optim.Adam, the paper); true: it shrinks the weight (AdamW). */
  decoupled: boolean
}

export const PAPER_ADAM: AdamOptions = {
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 1e-5,
  decoupled: false
}

/** What changes from step to step; scalars, computed by the caller in double precision. */
export interface AdamSchedule {
  learningRate: Value
  /** 1 - beta1^t for step t = 1, 2, ... */
  correction1: Value
  /** 1 - beta2^t */
  correction2: Value
}

export interface AdamState {
  parameter: Value
  /** Running mean of the gradient. */
  mean: Value
  /** Running mean of its square. */
  square: Value
}

/** One update as torch.optim.Adam computes it (Kingma & Ba 2015; decoupled: Loshchilov & Hutter 2019). */
export function adam(
  g: GraphBuilder,
  { parameter, mean, square }: AdamState,
  gradient: Value,
  { learningRate, correction1, correction2 }: AdamSchedule,
  { beta1, beta2, epsilon, weightDecay, decoupled }: AdamOptions
): AdamState {
  const mul = (a: Value, b: Value) => g.node('Mul', [a, b])
  const add = (a: Value, b: Value) => g.node('Add', [a, b])
  const decay = weightDecay === 0 ? null : mul(parameter, g.scalar(weightDecay))
  const slope = decay && !decoupled ? add(gradient, decay) : gradient
  const newMean = add(mul(mean, g.scalar(beta1)), mul(slope, g.scalar(1 - beta1)))
  const newSquare = add(mul(square, g.scalar(beta2)), mul(mul(slope, slope), g.scalar(1 - beta2)))
  const root = g.node('Sqrt', [g.node('Div', [newSquare, correction2])])
  const step = g.node('Div', [g.node('Div', [newMean, correction1]), add(root, g.scalar(epsilon))])
  const kept = decay && decoupled ? g.node('Sub', [parameter, mul(decay, learningRate)]) : parameter
  return { parameter: g.node('Sub', [kept, mul(step, learningRate)]), mean: newMean, square: newSquare }
}
