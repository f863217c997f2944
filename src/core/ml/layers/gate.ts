import { slice, type GraphBuilder, type Value } from '../graph'
import { relu, sigmoid } from './activation'
import { linear } from './linear'

export interface GateOptions {
  hidden: number
  channels: number
}

/** Factors that start at exactly one, whatever the context. */
const STARTS_AT_ONE = { kind: 'constant', value: 0 } as const

/**
 * The context gate of the paper: z = ReLU(W1 v + b1), A = sigmoid(W2 z + b2).
 * context v [N, 2] (GA, BW, normalised) -> A [N, channels], each in (0, 1).
 * Parameters: `{name}.fc1.weight` [hidden, 2], `{name}.fc1.bias`, `{name}.fc2.weight` [channels, hidden], `{name}.fc2.bias`.
 */
export function contextGate(
  g: GraphBuilder,
  context: Value,
  name: string,
  { hidden, channels }: GateOptions
): Value {
  const z = relu(g, linear(g, context, `${name}.fc1`, hidden), `${name}.relu`)
  return sigmoid(g, linear(g, z, `${name}.fc2`, channels), `${name}.sigmoid`)
}

/**
 * The same gate doubled, with W2 and b2 starting at zero: each factor in (0, 2) and 1 at first, so that a pretrained
 * network is at first left as it was. Parameters as contextGate.
 */
export function doubledGate(
  g: GraphBuilder,
  context: Value,
  name: string,
  { hidden, channels }: GateOptions
): Value {
  const z = relu(g, linear(g, context, `${name}.fc1`, hidden), `${name}.relu`)
  const a = sigmoid(g, linear(g, z, `${name}.fc2`, channels, { initial: STARTS_AT_ONE }), `${name}.sigmoid`)
  return g.node('Mul', [a, g.scalar(2)], {}, `${name}.doubled`)
}

/**
 * Feature-wise linear modulation (Perez et al. 2018): context [N, 2] -> factor 1 + gamma and offset beta, both
 * [N, channels], one and zero at first. Parameters as contextGate, but `{name}.fc2` gives gamma, then beta: 2 channels.
 */
export function contextModulation(
  g: GraphBuilder,
  context: Value,
  name: string,
  { hidden, channels }: GateOptions
): { factor: Value; offset: Value } {
  const z = relu(g, linear(g, context, `${name}.fc1`, hidden), `${name}.relu`)
  const both = linear(g, z, `${name}.fc2`, 2 * channels, { initial: STARTS_AT_ONE })
  const gamma = slice(g, both, [{ axis: 1, start: 0, end: channels }])
  const offset = slice(g, both, [{ axis: 1, start: channels, end: 2 * channels }])
  return { factor: g.node('Add', [gamma, g.scalar(1)], {}, `${name}.factor`), offset }
}
