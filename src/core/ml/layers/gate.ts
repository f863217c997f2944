import type { GraphBuilder, Value } from '../graph'
import { relu, sigmoid } from './activation'
import { linear } from './linear'

/**
 * The context gate of the paper: z = ReLU(W1 v + b1), A = sigmoid(W2 z + b2).
 * context v [N, 2] (GA, BW, normalised) -> A [N, channels], each in (0, 1).
 * Parameters: `{name}.fc1.weight` [hidden, 2], `{name}.fc1.bias`, `{name}.fc2.weight` [channels, hidden], `{name}.fc2.bias`.
 */
export function contextGate(
  g: GraphBuilder,
  context: Value,
  name: string,
  { hidden, channels }: { hidden: number; channels: number }
): Value {
  const z = relu(g, linear(g, context, `${name}.fc1`, hidden), `${name}.relu`)
  return sigmoid(g, linear(g, z, `${name}.fc2`, channels), `${name}.sigmoid`)
}
