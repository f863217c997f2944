import { NeoGateError } from '../../foundation'
import { createGraphBuilder, parameterCount, type Parameter } from '../graph'
import { cbamResnet50, cbamResnet50Small } from './cbam-resnet50'
import { ccgn, ccgnSmall } from './ccgn'
import {
  ccgn2Sigmoid,
  ccgn2SigmoidSmall,
  ccgnFilm,
  ccgnFilmSmall,
  ccgnMultistage,
  ccgnMultistageSmall
} from './ccgn-candidates'
import { contextLogistic, contextMlp } from './context-only'
import { convnextTiny } from './convnext'
import { earlyFusion, earlyFusionSmall } from './early-fusion'
import { buildFrom, entriesOf, entryShape } from './entry'
import { lateFusion, lateFusionSmall } from './late-fusion'
import type { ModelDefinition } from './model'
import { resnet50, resnet50Small } from './resnet50'
import { seResnet50, seResnet50Small } from './se-resnet50'
import { swinT } from './swin'

export type { Backbone, Classification, ModelDefinition, ModelInputs, ModelOrigin } from './model'
export { buildFrom, entriesOf, entryShape, type Entry, type ModelOutputs } from './entry'
export * from './inference'
export { multiplyAdds } from './multiply-adds'

/** Every method: those of the paper's Table 1 in its order, our candidates, the controls, the small ones. */
export const MODEL_DEFINITIONS: readonly ModelDefinition[] = [
  resnet50,
  convnextTiny,
  swinT,
  earlyFusion,
  lateFusion,
  seResnet50,
  cbamResnet50,
  ccgn,
  ccgn2Sigmoid,
  ccgnMultistage,
  ccgnFilm,
  contextLogistic,
  contextMlp,
  resnet50Small,
  earlyFusionSmall,
  lateFusionSmall,
  seResnet50Small,
  cbamResnet50Small,
  ccgnSmall,
  ccgn2SigmoidSmall,
  ccgnMultistageSmall,
  ccgnFilmSmall
]

export const METHODS: readonly string[] = MODEL_DEFINITIONS.map(({ id }) => id)

/** @throws NeoGateError INVALID_INPUT listing the methods there are */
export function modelDefinition(id: string): ModelDefinition {
  const definition = MODEL_DEFINITIONS.find(candidate => candidate.id === id)
  if (definition) return definition
  throw new NeoGateError('INVALID_INPUT', `There is no method '${id}'.`, {
    field: 'method',
    remedy: `Choose one of: ${METHODS.join(', ')}.`
  })
}

/** Every parameter and buffer of a method, in the order in which it is built; independent of batch and image size. */
export function modelParameters(definition: ModelDefinition): readonly Parameter[] {
  return skeleton(definition).parameters
}

/** Learned numbers, all of them and those outside the classifier. */
export function countParameters(definition: ModelDefinition): { total: number; withoutHead: number } {
  const graph = skeleton(definition)
  return {
    total: parameterCount(graph),
    withoutHead: parameterCount(graph, name => !name.startsWith(definition.head))
  }
}

/** The network at the smallest size that all of them take: parameters do not depend on it. */
function skeleton(definition: ModelDefinition) {
  const g = createGraphBuilder(definition.id)
  const entry = entriesOf(definition)[0]!
  const input = g.input('input', 'float32', [1, ...entryShape(definition, entry, SKELETON_SIZE)])
  const context = g.input('context', 'float32', [1, 2])
  const { logits } = buildFrom(definition, entry, g, { input, context })
  return g.build({ logits })
}

const SKELETON_SIZE = 64
