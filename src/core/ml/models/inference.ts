import {
  bindParameters,
  createGraphBuilder,
  float32,
  int64,
  type Graph,
  type GraphBuilder,
  type Tensor,
  type Value
} from '../graph'
import { softmax } from '../layers'
import { buildFrom } from './entry'
import type { ModelDefinition } from './model'

/** What one film is predicted from and at which size. */
export interface InferenceShape {
  batch: number
  /** Side of the square image in pixels. */
  size: number
}

/** Mean and standard deviation of GA (days) and BW (grams) in the cohort that the model belongs to. */
export interface ContextScale {
  gaMeanDays: number
  gaSdDays: number
  bwMeanGrams: number
  bwSdGrams: number
}

/**
 * The network as it is used on films.
 * Inputs: `image` [N, 3, S, S], ImageNet-normalised; `context` [N, 2], GA in days and BW in grams.
 * Outputs: `logits`, `probabilities` [N, classes]; `pooled` [N, C] = GAP(F); `maps` and `gatedMaps`
 * [N, classes, H, W], class activation without and with the gate (the second only where there is one). The mean of a map over its places is the class's
 * logit less its bias: map_k(x, y) = sum_c W_kc A_c F_c(x, y), with A = 1 for `maps`.
 */
export function inferenceGraph(
  definition: ModelDefinition,
  { batch, size }: InferenceShape,
  scale: ContextScale
): Graph {
  const g = createGraphBuilder(definition.id)
  const image = g.input('image', 'float32', [batch, 3, size, size])
  const raw = g.input('context', 'float32', [batch, 2])
  const mean = g.constant(float32([1, 2], [scale.gaMeanDays, scale.bwMeanGrams]), 'context.mean')
  const deviation = g.constant(float32([1, 2], [scale.gaSdDays, scale.bwSdGrams]), 'context.sd')
  const centred = g.node('Sub', [raw, mean], {}, 'context.centred')
  const context = g.node('Div', [centred, deviation], {}, 'context.normalised')

  const {
    features,
    pooled,
    logits,
    scale: gate
  } = buildFrom(definition, 'image', g, { input: image, context })
  return g.build({
    logits,
    probabilities: softmax(g, logits, 'softmax'),
    pooled,
    ...activationMaps(g, definition, features!, gate)
  })
}

function activationMaps(
  g: GraphBuilder,
  { head, classes }: ModelDefinition,
  features: Value,
  gate: Value | null
): Record<string, Value> {
  const [batch, channels] = features.shape as [number, number]
  const integers = (values: number[], name: string) => g.constant(int64([values.length], values), name)
  const mapsOf = (x: Value, name: string) => g.node('Conv', [x, kernel], { kernel_shape: [1, 1] }, name)

  const weight = g.value(`${head}weight`)
  const ofChannels = weight.shape[1] === channels ? weight : firstColumns(g, weight, channels)
  const kernelShape = integers([classes, channels, 1, 1], 'maps.shape')
  const kernel = g.node('Reshape', [ofChannels, kernelShape], {}, 'maps.kernel')
  const maps = mapsOf(features, 'activation')
  if (!gate) return { maps }
  const perChannel = g.node(
    'Reshape',
    [gate, integers([batch, channels, 1, 1], 'gate.shape')],
    {},
    'gate.perChannel'
  )
  return {
    maps,
    gatedMaps: mapsOf(g.node('Mul', [features, perChannel], {}, 'gatedFeatures'), 'gatedActivation')
  }
}

/** The classifier's weights for the channels of F, where it is given more than those. */
function firstColumns(g: GraphBuilder, weight: Value, count: number): Value {
  const one = (value: number) => g.constant(int64([1], [value]))
  return g.node('Slice', [weight, one(0), one(count), one(1), one(1)], {}, 'maps.weight')
}

/** The graph with weights in it, ready to run. */
export function boundInferenceGraph(
  definition: ModelDefinition,
  shape: InferenceShape,
  scale: ContextScale,
  weights: ReadonlyMap<string, Tensor>
): Graph {
  return bindParameters(inferenceGraph(definition, shape, scale), weights)
}
