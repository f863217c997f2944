import { createGraphBuilder, type GraphBuilder, type Shape, type Value } from '../graph'
import { globalAveragePool } from '../layers'
import type { Classification, ModelDefinition } from './model'

/**
 * Where a network can be entered: with the image; behind the trunk, with the map before the last stage; or behind the
 * backbone, with GAP(F). What lies before the entry is not built, so it has no parameters to train either.
 */
export type Entry = 'image' | 'trunk' | 'pooled'

export const ENTRIES: readonly Entry[] = ['image', 'trunk', 'pooled']

/** The same values serve inference, training and explanation. */
export interface ModelOutputs extends Classification {
  /** F [N, C, H, W]; null where the network is entered behind it. */
  features: Value | null
  /** GAP(F) [N, C] */
  pooled: Value
}

/** Emits the part of a network behind an entry; `input` is [N, ...entryShape] and `context` [N, 2], normalised. */
export function buildFrom(
  definition: ModelDefinition,
  entry: Entry,
  g: GraphBuilder,
  { input, context }: { input: Value; context: Value }
): ModelOutputs {
  const { backbone } = definition
  if (entry === 'pooled') return { features: null, pooled: input, ...definition.classify(g, input, context) }
  const trunk = entry === 'trunk' ? input : backbone.trunk(g, { image: input, context })
  const features = backbone.lastStage(g, trunk)
  const pooled = globalAveragePool(g, features, 'pooled')
  return { features, pooled, ...definition.classify(g, pooled, context) }
}

/** Shape of one film's input at an entry, without the batch. */
export function entryShape(definition: ModelDefinition, entry: Entry, size: number): Shape {
  if (entry === 'image') return [3, size, size]
  const g = createGraphBuilder(definition.id)
  const image = g.input('image', 'float32', [1, 3, size, size])
  const trunk = definition.backbone.trunk(g, { image, context: g.input('context', 'float32', [1, 2]) })
  if (entry === 'trunk') return trunk.shape.slice(1)
  return [definition.backbone.lastStage(g, trunk).shape[1]!]
}
