import { graphError } from './graph-error'
import type { Attributes, Graph, GraphNode, Initial, Parameter, Value } from './graph'
import { inferNode } from './infer'
import type { OpName } from './ops'
import { float32, type DataType, type Shape, type Tensor, type TensorType } from './tensor'

/** Collects nodes and hands out the values they make, each with its type worked out at once. */
export interface GraphBuilder {
  /** What has been emitted so far, in order. */
  readonly nodes: readonly GraphNode[]
  readonly parameters: readonly Parameter[]
  input(name: string, dtype: DataType, shape: Shape): Value
  parameter(name: string, shape: Shape, initial: Initial, kind?: Parameter['kind']): Value
  constant(tensor: Tensor, name?: string): Value
  /** A float32 scalar, which broadcasts against anything. */
  scalar(value: number): Value
  /** A value made earlier, by its name. */
  value(name: string): Value
  /** What a constant holds (a shape, axes, a rate), or null where the name is not that of a constant. */
  numbers(name: string): readonly number[] | null
  /** Emits one operation and returns its first output; `null` leaves an optional input out. */
  node(op: OpName, inputs: readonly (Value | null)[], attributes?: Attributes, name?: string): Value
  /** The finished graph, its outputs under the names given. */
  build(outputs: Readonly<Record<string, Value>>): Graph
}

export function createGraphBuilder(graphName: string): GraphBuilder {
  const inputs: Value[] = []
  const parameters: Parameter[] = []
  const constants = new Map<string, Tensor>()
  const nodes: GraphNode[] = []
  const types = new Map<string, TensorType>()

  function declare(name: string, { dtype, shape }: TensorType): Value {
    if (name === '') throw graphError(graphName, 'a value needs a name')
    if (types.has(name)) throw graphError(name, 'this name is taken in the graph')
    types.set(name, { dtype, shape })
    return { name, dtype, shape }
  }

  function freeName(base: string): string {
    let name = base
    for (let n = 2; types.has(name); n++) name = `${base}_${n}`
    return name
  }

  const builder: GraphBuilder = {
    nodes,
    parameters,
    input(name, dtype, shape) {
      const value = declare(name, { dtype, shape })
      inputs.push(value)
      return value
    },
    parameter(name, shape, initial, kind = 'weight') {
      const value = declare(name, { dtype: 'float32', shape })
      parameters.push({ ...value, kind, initial })
      return value
    },
    constant(tensor, name) {
      const value = declare(freeName(name ?? 'constant'), tensor)
      constants.set(value.name, tensor)
      return value
    },
    scalar: value => builder.constant(float32([], [value])),
    value(name) {
      const type = types.get(name)
      if (!type) throw graphError(name, 'there is no such value in the graph')
      return { name, ...type }
    },
    numbers(name) {
      const tensor = constants.get(name)
      return tensor ? Array.from(tensor.data as ArrayLike<number | bigint>, Number) : null
    },
    node(op, nodeInputs, attributes = {}, name) {
      const output = freeName(name ?? op)
      const node = { op, inputs: nodeInputs.map(input => input?.name ?? ''), outputs: [output], attributes }
      const [type] = inferNode(node, types, constants)
      nodes.push(node)
      return declare(output, type!)
    },
    build(outputs) {
      return renameOutputs(
        { name: graphName, inputs, parameters, constants, nodes, outputs: [], types },
        outputs
      )
    }
  }
  return builder
}

/** Gives the nodes that make the outputs the outputs' own names. */
function renameOutputs(graph: Graph, outputs: Readonly<Record<string, Value>>): Graph {
  const newNames = new Map<string, string>()
  const types = new Map(graph.types)
  const made = new Set(graph.nodes.flatMap(node => node.outputs))
  for (const [name, value] of Object.entries(outputs)) {
    if (!made.has(value.name)) throw graphError(name, `'${value.name}' is not made by a node of this graph`)
    if (newNames.has(value.name)) throw graphError(name, `'${value.name}' is an output already`)
    if (name !== value.name && types.has(name)) throw graphError(name, 'this name is taken in the graph')
    newNames.set(value.name, name)
  }
  for (const [from, to] of newNames) {
    const type = types.get(from)!
    types.delete(from)
    types.set(to, type)
  }
  const renamed = (name: string) => newNames.get(name) ?? name
  return {
    ...graph,
    inputs: [...graph.inputs],
    parameters: [...graph.parameters],
    constants: new Map(graph.constants),
    nodes: graph.nodes.map(node => ({
      ...node,
      inputs: node.inputs.map(renamed),
      outputs: node.outputs.map(renamed)
    })),
    outputs: Object.entries(outputs).map(([name, { dtype, shape }]) => ({ name, dtype, shape })),
    types
  }
}
