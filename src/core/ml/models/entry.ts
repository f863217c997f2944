import { NeoGateError } from '../../foundation'
import { createGraphBuilder, type GraphBuilder, type Shape, type Value } from '../graph'
import { globalAveragePool } from '../layers'
import type { Backbone, Classification, ModelDefinition } from './model'

/**
 * Where a network can be entered: with the image; behind the trunk, with the map before the last stage; or behind the
 * backbone, with GAP(F). What lies before the entry is not built, so it has no parameters to train either.
 */
export type Entry = 'image' | 'trunk' | 'pooled'

export const ENTRIES: readonly Entry[] = ['image', 'trunk', 'pooled']

/** Where this network can be entered, the whole of it first: a control, which has no backbone, only behind it. */
export function entriesOf({ backbone }: ModelDefinition): readonly Entry[] {
  return backbone ? ENTRIES : ['pooled']
}

/** The same values serve inference, training and explanation. */
export interface ModelOutputs extends Classification {
  /** F [N, C, H, W]; null where the network is entered behind it. */
  features: Value | null
  /** GAP(F) [N, C] */
  pooled: Value
}

/**
 * Emits the part of a network behind an entry; `input` is [N, ...entryShape] and `context` [N, 2], normalised.
 * @throws NeoGateError INVALID_INPUT where the network cannot be entered there
 */
export function buildFrom(
  definition: ModelDefinition,
  entry: Entry,
  g: GraphBuilder,
  { input, context }: { input: Value; context: Value }
): ModelOutputs {
  if (entry === 'pooled') return { features: null, pooled: input, ...definition.classify(g, input, context) }
  const backbone = backboneOf(definition, entry)
  const trunk = entry === 'trunk' ? input : backbone.trunk(g, { image: input, context })
  const features = backbone.lastStage(g, trunk)
  const pooled = globalAveragePool(g, features, 'pooled')
  return { features, pooled, ...definition.classify(g, pooled, context) }
}

/**
 * Shape of one film's input at an entry, without the batch; [0] for a control, which is given nothing but GA and BW.
 * @throws NeoGateError INVALID_INPUT where the network cannot be entered there
 */
export function entryShape(definition: ModelDefinition, entry: Entry, size: number): Shape {
  if (entry === 'pooled' && definition.backbone === null) return [0]
  const backbone = backboneOf(definition, entry)
  if (entry === 'image') return [3, size, size]
  const g = createGraphBuilder(definition.id)
  const image = g.input('image', 'float32', [1, 3, size, size])
  const trunk = backbone.trunk(g, { image, context: g.input('context', 'float32', [1, 2]) })
  if (entry === 'trunk') return trunk.shape.slice(1)
  return [backbone.lastStage(g, trunk).shape[1]!]
}

/** @throws NeoGateError INVALID_INPUT for a control, which has none */
export function backboneOf({ id, backbone }: ModelDefinition, entry: Entry): Backbone {
  if (backbone) return backbone
  throw new NeoGateError('INVALID_INPUT', `${id} sees no image: it has no entry '${entry}'.`, {
    field: 'entry',
    remedy: "Train it with entry 'pooled'."
  })
}
