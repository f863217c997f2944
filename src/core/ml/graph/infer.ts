import type { GraphNode } from './graph'
import { graphError } from './graph-error'
import { OPS, isOpName, type Op } from './ops'
import type { Tensor, TensorType } from './tensor'

/**
 * The types of a node's outputs.
 * @throws NeoGateError MODEL_REFUSED naming the node, when the op is not on the list, takes no such attribute, or does
 * not fit its inputs
 */
export function inferNode(
  node: GraphNode,
  types: ReadonlyMap<string, TensorType>,
  constants: ReadonlyMap<string, Tensor>
): TensorType[] {
  const where = `${node.op} '${node.outputs[0] ?? ''}'`
  if (!isOpName(node.op))
    throw graphError(where, 'this operator is not on the list of operators NeoGate uses')
  const op: Op = OPS[node.op]
  for (const attribute of Object.keys(node.attributes)) {
    if (!Object.hasOwn(op.attributes, attribute)) throw graphError(where, `no attribute '${attribute}' here`)
  }
  if (node.inputs.length < op.inputs[0] || node.inputs.length > op.inputs[1]) {
    throw graphError(where, `takes ${op.inputs.join(' to ')} inputs, not ${node.inputs.length}`)
  }
  const inputs = node.inputs.map(name => {
    if (name === '') return null
    const type = types.get(name)
    if (!type) throw graphError(where, `input '${name}' is not made by anything before it`)
    return type
  })
  try {
    return op.infer(inputs, node.attributes, index => integers(constants.get(node.inputs[index] ?? '')))
  } catch (error) {
    throw graphError(where, (error as Error).message)
  }
}

function integers(tensor: Tensor | undefined): readonly number[] | null {
  if (!tensor) return null
  return Array.from(tensor.data as ArrayLike<number | bigint>, Number)
}
