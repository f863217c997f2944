import type { GraphBuilder, Value } from '../graph'
import { relu, sigmoid } from './activation'
import { conv } from './conv'

/**
 * Squeeze and excitation (Hu et al. 2018): x * sigmoid(W2 relu(W1 mean(x) + b1) + b2), one factor per channel.
 * x [N, C, H, W] -> the same shape. Parameters under timm's names, as 1x1 convolutions: `{name}.fc1.weight`
 * [C / reduction, C, 1, 1], `{name}.fc1.bias`, `{name}.fc2.weight` [C, C / reduction, 1, 1], `{name}.fc2.bias`.
 */
export function squeezeExcitation(g: GraphBuilder, x: Value, name: string, reduction: number): Value {
  const channels = x.shape[1]!
  const mean = g.node('GlobalAveragePool', [x], {}, `${name}.mean`)
  const options = { kernel: 1, bias: true }
  const squeezed = conv(g, mean, `${name}.fc1`, { ...options, out: channels / reduction })
  const excited = conv(g, relu(g, squeezed, `${name}.relu`), `${name}.fc2`, { ...options, out: channels })
  return g.node('Mul', [x, sigmoid(g, excited, `${name}.sigmoid`)], {}, name)
}
