import {
  bindParameters,
  createGraphBuilder,
  float32,
  reshape,
  slice,
  type Graph,
  type GraphBuilder,
  type Tensor,
  type Value
} from '../graph'
import { softmax } from '../layers'
import { backboneOf, buildFrom, entriesOf, entryShape, type ModelOutputs } from './entry'
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
 * Outputs: `logits`, `probabilities` [N, classes]; `pooled` [N, C] = GAP(F); `maps` [N, classes, H, W], class activation,
 * and where there is a gate `gatedMaps`, the same with it. A control takes `context` and gives `logits` and
 * `probabilities` only.
 *
 * map_k(x, y) = sum_c W_kc s_c F_c(x, y), with s_c what the classifier multiplies channel c by (in `maps` without the
 * gate). Its mean over the places is the class's logit (the gate's, in gatedMaps) less what does not depend on F.
 */
export function inferenceGraph(
  definition: ModelDefinition,
  { batch, size }: InferenceShape,
  scale: ContextScale
): Graph {
  const g = createGraphBuilder(definition.id)
  const entry = entriesOf(definition)[0]!
  const shape = [batch, ...entryShape(definition, entry, size)]
  const input =
    entry === 'image' ? g.input('image', 'float32', shape) : g.constant(float32(shape, []), 'noImage')
  const raw = g.input('context', 'float32', [batch, 2])
  const mean = g.constant(float32([1, 2], [scale.gaMeanDays, scale.bwMeanGrams]), 'context.mean')
  const deviation = g.constant(float32([1, 2], [scale.gaSdDays, scale.bwSdGrams]), 'context.sd')
  const centred = g.node('Sub', [raw, mean], {}, 'context.centred')
  const context = g.node('Div', [centred, deviation], {}, 'context.normalised')

  const found = buildFrom(definition, entry, g, { input, context })
  const { logits, features, pooled } = found
  const answer = { logits, probabilities: softmax(g, logits, 'softmax') }
  return g.build(features ? { ...answer, pooled, ...activationMaps(g, definition, features, found) } : answer)
}

function activationMaps(
  g: GraphBuilder,
  { head, classes, context }: ModelDefinition,
  features: Value,
  { scale }: ModelOutputs
): Record<string, Value> {
  const [batch, channels] = features.shape as [number, number]
  // A classifier may be given more than the channels of F, after them.
  const weight = slice(g, g.value(`${head}weight`), [
    { axis: 0, start: 0, end: classes },
    { axis: 1, start: 0, end: channels }
  ])
  const kernel = reshape(g, weight, [classes, channels, 1, 1])
  const mapsOf = (x: Value, name: string) => g.node('Conv', [x, kernel], { kernel_shape: [1, 1] }, name)
  if (!scale) return { maps: mapsOf(features, 'activation') }
  const perChannel = reshape(g, scale, [batch, channels, 1, 1])
  const scaled = mapsOf(g.node('Mul', [features, perChannel], {}, 'scaledFeatures'), 'scaledActivation')
  // A scale that GA and BW have no part in is no gate, and belongs to every map.
  return context === 'none' ? { maps: scaled } : { maps: mapsOf(features, 'activation'), gatedMaps: scaled }
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

/**
 * What lies before the last stage, for one film. Inputs: `image` [1, 3, S, S], `context` [1, 2], both normalised.
 * Output: `trunk` [1, ...entryShape].
 * @throws NeoGateError INVALID_INPUT for a control
 */
export function trunkGraph(definition: ModelDefinition, size: number): Graph {
  const g = createGraphBuilder(`${definition.id}-trunk`)
  const image = g.input('image', 'float32', [1, ...entryShape(definition, 'image', size)])
  const context = g.input('context', 'float32', [1, 2])
  return g.build({ trunk: backboneOf(definition, 'image').trunk(g, { image, context }) })
}

/**
 * What lies behind the pooled features, for one film.
 * Inputs: `pooled` [1, C] = GAP(F), `context` [1, 2], normalised. Outputs: `logits` [1, classes]; `gate` [1, C], what GA
 * and BW multiply each channel by, where the method has such a gate.
 */
export function headGraph(definition: ModelDefinition): Graph {
  const g = createGraphBuilder(`${definition.id}-head`)
  const input = g.input('pooled', 'float32', [1, ...entryShape(definition, 'pooled', definition.defaultSize)])
  const context = g.input('context', 'float32', [1, 2])
  const { logits, scale } = buildFrom(definition, 'pooled', g, { input, context })
  return g.build(scale && definition.context === 'pooled' ? { logits, gate: scale } : { logits })
}
