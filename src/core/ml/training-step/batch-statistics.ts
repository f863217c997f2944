import type { ClosedForm } from '../autodiff'
import {
  elementCount,
  float32,
  reshape,
  scale,
  sum,
  transpose,
  type GraphBuilder,
  type Value
} from '../graph'

/** What normalising with the statistics of the batch leaves behind for the rest of the step. */
export interface BatchStatistics {
  /** New values of the running statistics, by buffer name. */
  readonly running: Map<string, Value>
  /** The gradient of each normalised map, by its name. */
  readonly closedForms: Map<string, ClosedForm>
}

/** torch's default: running = 0.9 running + 0.1 batch. */
const MOMENTUM = 0.1

/**
 * The same builder, but batch normalisation uses the statistics of the batch, as in torch's train mode, and the new
 * running statistics are collected. A model's code does not know whether it is being trained.
 */
export function withBatchStatistics(g: GraphBuilder, statistics: BatchStatistics): GraphBuilder {
  return {
    ...g,
    node(op, inputs, attributes = {}, name) {
      if (op !== 'BatchNormalization') return g.node(op, inputs, attributes, name)
      const [x, weight, bias, mean, variance] = inputs as [Value, Value, Value, Value, Value]
      const epsilon = attributes.epsilon as number
      return normalise(g, { x, weight, bias, mean, variance }, epsilon, statistics, name)
    }
  }
}

function normalise(
  g: GraphBuilder,
  { x, weight, bias, mean, variance }: Record<'x' | 'weight' | 'bias' | 'mean' | 'variance', Value>,
  epsilon: number,
  { running, closedForms }: BatchStatistics,
  name: string | undefined
): Value {
  const channels = x.shape[1]!
  const count = elementCount(x.shape) / channels
  const batchMean = scale(g, sumOverPlaces(g, x), 1 / count)
  const centred = g.node('Sub', [x, reshape(g, batchMean, [1, channels, 1, 1])])
  const batchVariance = scale(g, productOverPlaces(g, centred, centred), 1 / count)
  const deviation = g.node('Sqrt', [g.node('Add', [batchVariance, g.scalar(epsilon)])])
  const factor = g.node('Div', [weight, deviation])
  const y = affine(g, centred, factor, bias, name)

  const moved = (before: Value, batch: Value, correction = 1) =>
    g.node('Add', [scale(g, before, 1 - MOMENTUM), scale(g, batch, MOMENTUM * correction)])
  running.set(mean.name, moved(mean, batchMean))
  // torch normalises with the biased variance, but keeps the unbiased one.
  running.set(variance.name, moved(variance, batchVariance, count / Math.max(1, count - 1)))

  closedForms.set(y.name, {
    inputs: [x, weight, bias],
    rule: dy => backward(g, dy, { centred, deviation, factor, count })
  })
  return y
}

/**
 * With c = x - mean, r = 1 / deviation, a = scale r, M values per channel, sums per channel:
 * d bias = sum(dy); d scale = r sum(dy c); dx = a dy - c (a r^2 sum(dy c) / M) - a sum(dy) / M.
 * (Ioffe & Szegedy 2015, collected into one factor per map and channel; going through mean and variance node by node
 * would pass over the maps about three times as often.)
 */
function backward(
  g: GraphBuilder,
  dy: Value,
  { centred, deviation, factor, count }: { centred: Value; deviation: Value; factor: Value; count: number }
) {
  const channels = dy.shape[1]!
  const sumDy = sumOverPlaces(g, dy)
  const ofScale = g.node('Div', [productOverPlaces(g, dy, centred), deviation])
  const share = scale(g, factor, -1 / count)
  const ofCentred = affine(
    g,
    centred,
    g.node('Div', [g.node('Mul', [share, ofScale]), deviation]),
    g.node('Mul', [share, sumDy])
  )
  const direct = g.node('Mul', [dy, reshape(g, factor, [1, channels, 1, 1])])
  return [g.node('Add', [direct, ofCentred]), ofScale, sumDy]
}

/**
 * [N, C, H, W] -> [C], in runs of at most 256 values first: in one long float32 sum the moments come out half as exact,
 * and it takes longer.
 */
function sumOverPlaces(g: GraphBuilder, x: Value): Value {
  const runs = inRuns(g, x, 256)
  return sum(g, sum(g, runs, [3], false), [0, 2], false)
}

/**
 * The sum of a b, without laying out a b where the maps are large: each run is a row times a column. For small maps that
 * would be more products than they are worth.
 */
function productOverPlaces(g: GraphBuilder, a: Value, b: Value): Value {
  if (elementCount(a.shape.slice(2)) < 512) return sumOverPlaces(g, g.node('Mul', [a, b]))
  const [films, channels, runs, length] = inRuns(g, a, 1024).shape as [number, number, number, number]
  const rows = (x: Value) => reshape(g, x, [films * channels * runs, 1, length])
  const products = g.node('MatMul', [rows(a), transpose(g, rows(b), [0, 2, 1])])
  return sum(g, reshape(g, products, [films, channels, runs]), [0, 2], false)
}

/** [N, C, H, W] -> [N, C, number of runs, length of a run], as long as the limit allows. */
function inRuns(g: GraphBuilder, x: Value, limit: number): Value {
  const [films, channels, ...map] = x.shape as [number, number, number, number]
  const places = elementCount(map)
  let length = Math.min(limit, places)
  while (places % length !== 0) length--
  return reshape(g, x, [films, channels, places / length, length])
}

/** factor x + shift per channel in one pass: what BatchNormalization computes with mean 0 and variance 1. */
function affine(g: GraphBuilder, x: Value, factor: Value, shift: Value, name?: string): Value {
  const channels = x.shape[1]!
  const zeros = g.constant(float32([channels], new Float32Array(channels)), 'zeros')
  const ones = g.constant(float32([channels], new Float32Array(channels).fill(1)), 'ones')
  return g.node('BatchNormalization', [x, factor, shift, zeros, ones], { epsilon: 0 }, name)
}
