import type { Graph } from './graph'
import { graphError } from './graph-error'
import { inferNode } from './infer'
import { elementCount, formatType, sameShape, type TensorType } from './tensor'

/**
 * Checks a graph from scratch: every name made once and before its use, every op and attribute on the list, every type
 * as inference has it, every constant as long as its shape says.
 * @throws NeoGateError MODEL_REFUSED naming the first value or node at fault
 */
export function validateGraph(graph: Graph): void {
  const types = new Map<string, TensorType>()
  const declare = (name: string, type: TensorType) => {
    if (name === '') throw graphError(graph.name, 'a value has no name')
    if (types.has(name)) throw graphError(name, 'made more than once')
    if (!type.shape.every(size => Number.isInteger(size) && size >= 0)) {
      throw graphError(name, `${formatType(type)} is not a fixed shape`)
    }
    const stored = graph.types.get(name)
    if (!stored || stored.dtype !== type.dtype || !sameShape(stored.shape, type.shape)) {
      throw graphError(
        name,
        `is ${formatType(type)}, but the graph says ${stored ? formatType(stored) : 'nothing'}`
      )
    }
    types.set(name, type)
  }

  for (const value of [...graph.inputs, ...graph.parameters]) declare(value.name, value)
  for (const [name, tensor] of graph.constants) {
    if (tensor.data.length !== elementCount(tensor.shape)) {
      throw graphError(name, `${formatType(tensor)} holds ${tensor.data.length} numbers`)
    }
    declare(name, tensor)
  }
  for (const node of graph.nodes) {
    const outputTypes = inferNode(node, types, graph.constants)
    node.outputs.forEach((name, index) => {
      const type = outputTypes[index]
      if (!type) throw graphError(name, `${node.op} has only ${outputTypes.length} output(s)`)
      declare(name, type)
    })
  }
  for (const { name } of graph.outputs) {
    if (!types.has(name)) throw graphError(name, 'an output that nothing makes')
  }
}
