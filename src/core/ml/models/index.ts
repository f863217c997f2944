import { NeoGateError } from '../../foundation'
import { createGraphBuilder, parameterCount, type Parameter } from '../graph'
import { ccgn, ccgnSmall } from './ccgn'
import { buildFrom } from './entry'
import type { ModelDefinition } from './model'

export * from './model'
export * from './entry'
export * from './inference'

/** Every method by its id. */
const DEFINITIONS: readonly ModelDefinition[] = [ccgn, ccgnSmall]

export const METHODS: readonly string[] = DEFINITIONS.map(({ id }) => id)

/** @throws NeoGateError INVALID_INPUT listing the methods there are */
export function modelDefinition(id: string): ModelDefinition {
  const definition = DEFINITIONS.find(candidate => candidate.id === id)
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

function skeleton(definition: ModelDefinition) {
  const g = createGraphBuilder(definition.id)
  const size = definition.defaultSize
  const input = g.input('image', 'float32', [1, 3, size, size])
  const context = g.input('context', 'float32', [1, 2])
  const { logits } = buildFrom(definition, 'image', g, { input, context })
  return g.build({ logits })
}
