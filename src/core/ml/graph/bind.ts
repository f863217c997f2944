import type { Graph } from './graph'
import { graphError } from './graph-error'
import { formatType, sameShape, type Tensor } from './tensor'

/**
 * The same graph with its parameters as constants, which the runtime may fold and pack: what inference runs. Without
 * this, parameters are inputs of the session: what training runs.
 * @throws NeoGateError MODEL_REFUSED naming the tensor that is missing or of another type
 */
export function bindParameters(graph: Graph, tensors: ReadonlyMap<string, Tensor>): Graph {
  const constants = new Map(graph.constants)
  for (const parameter of graph.parameters) {
    const tensor = tensors.get(parameter.name)
    if (!tensor) throw graphError(parameter.name, 'no values are given for this parameter')
    if (tensor.dtype !== parameter.dtype || !sameShape(tensor.shape, parameter.shape)) {
      throw graphError(parameter.name, `expected ${formatType(parameter)}, found ${formatType(tensor)}`)
    }
    constants.set(parameter.name, tensor)
  }
  return { ...graph, parameters: [], constants }
}
