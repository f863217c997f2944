import { createGraphBuilder, elementCount } from '../graph'
import { buildFrom, entriesOf, entryShape, type Entry } from './entry'
import type { ModelDefinition } from './model'

/**
 * Multiplications with additions for one film through the network: those of convolutions and matrix products, which are
 * nearly all of the work. For telling how much longer one method takes than another.
 * @param entry where the network is entered: what lies before it is not counted
 */
export function multiplyAdds(
  definition: ModelDefinition,
  size: number,
  entry: Entry = entriesOf(definition)[0]!
): number {
  const g = createGraphBuilder(definition.id)
  const input = g.input('input', 'float32', [1, ...entryShape(definition, entry, size)])
  const context = g.input('context', 'float32', [1, 2])
  const { logits } = buildFrom(definition, entry, g, { input, context })
  const { nodes, types } = g.build({ logits })
  return nodes.reduce((sum, { op, inputs, outputs, attributes }) => {
    const out = elementCount(types.get(outputs[0]!)!.shape)
    const shape = (input: number) => types.get(inputs[input]!)!.shape
    if (op === 'Conv') return sum + out * elementCount(shape(1).slice(1))
    if (op === 'MatMul') return sum + out * shape(0).at(-1)!
    if (op === 'Gemm') return sum + out * (attributes.transA === 1 ? shape(0)[0]! : shape(0)[1]!)
    return sum
  }, 0)
}
