import { elementCount, int64, type GraphBuilder, type Value } from '../graph'

/** New values of the running statistics of one batch normalisation, by buffer name. */
export type RunningUpdates = Map<string, Value>

/** torch's default: running = 0.9 running + 0.1 batch. */
const MOMENTUM = 0.1

/**
 * The same builder, but batch normalisation uses the statistics of the batch, as in torch's train mode, and the new
 * running statistics are collected. A model's code does not know whether it is being trained.
 * Written as one affine per channel, y = a x + c, so that few passes over the feature maps are made.
 */
export function withBatchStatistics(g: GraphBuilder, updates: RunningUpdates): GraphBuilder {
  return {
    ...g,
    node(op, inputs, attributes = {}, name) {
      if (op !== 'BatchNormalization') return g.node(op, inputs, attributes, name)
      const [x, weight, bias, mean, variance] = inputs as Value[]
      return normalise(
        g,
        { x: x!, weight: weight!, bias: bias!, mean: mean!, variance: variance! },
        {
          epsilon: attributes.epsilon as number,
          name,
          updates
        }
      )
    }
  }
}

function normalise(
  g: GraphBuilder,
  { x, weight, bias, mean, variance }: Record<'x' | 'weight' | 'bias' | 'mean' | 'variance', Value>,
  { epsilon, name, updates }: { epsilon: number; name: string | undefined; updates: RunningUpdates }
): Value {
  const channels = x.shape[1]!
  const count = elementCount(x.shape) / channels
  const places = g.constant(int64([3], [0, 2, 3]), 'places')
  const wide = g.constant(int64([4], [1, channels, 1, 1]), 'perChannel')
  const perChannel = (value: Value) => g.node('Reshape', [value, wide])
  const meanOf = (value: Value) => g.node('ReduceMean', [value, places], { keepdims: 0 })

  const batchMean = meanOf(x)
  const centred = g.node('Sub', [x, perChannel(batchMean)])
  const batchVariance = meanOf(g.node('Mul', [centred, centred]))
  const deviation = g.node('Sqrt', [g.node('Add', [batchVariance, g.scalar(epsilon)])])
  const factor = g.node('Div', [weight, deviation])

  const moved = (running: Value, batch: Value, correction = 1) =>
    g.node('Add', [
      g.node('Mul', [running, g.scalar(1 - MOMENTUM)]),
      g.node('Mul', [batch, g.scalar(MOMENTUM * correction)])
    ])
  updates.set(mean.name, moved(mean, batchMean))
  // torch normalises with the biased variance, but keeps the unbiased one.
  updates.set(variance.name, moved(variance, batchVariance, count / Math.max(1, count - 1)))

  return g.node('Add', [g.node('Mul', [centred, perChannel(factor)]), perChannel(bias)], {}, name)
}
