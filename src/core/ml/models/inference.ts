import { bindParameters, createGraphBuilder, float32, int64, type Graph, type Tensor } from '../graph'
import { softmax } from '../layers'
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
 * [N, classes, H, W], class activation without and with the gate. The mean of a map over its places is the class's
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

  const { features, gatedFeatures, pooled, logits } = definition.build(g, { image, context })

  const channels = features.shape[1]!
  const kernelShape = g.constant(int64([4], [definition.classes, channels, 1, 1]), 'maps.shape')
  const kernel = g.node('Reshape', [g.value(`${definition.head}weight`), kernelShape], {}, 'maps.kernel')
  return g.build({
    logits,
    probabilities: softmax(g, logits, 'softmax'),
    pooled,
    maps: g.node('Conv', [features, kernel], { kernel_shape: [1, 1] }, 'activation'),
    gatedMaps: g.node('Conv', [gatedFeatures, kernel], { kernel_shape: [1, 1] }, 'gatedActivation')
  })
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
