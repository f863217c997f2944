import type { Graph, GraphNode } from '../graph'

/** Without the nodes that no output depends on. */
export function withoutDeadNodes(graph: Graph): Graph {
  const used = new Set(graph.outputs.map(({ name }) => name))
  const nodes = [...graph.nodes].reverse().filter(node => {
    const isUsed = node.outputs.some(name => used.has(name))
    if (isUsed) for (const name of node.inputs) used.add(name)
    return isUsed
  })
  const kept = new Set(nodes)
  const gone = new Set(graph.nodes.filter(node => !kept.has(node)).flatMap(({ outputs }) => outputs))
  return {
    ...graph,
    nodes: nodes.reverse(),
    constants: new Map([...graph.constants].filter(([name]) => used.has(name))),
    types: new Map([...graph.types].filter(([name]) => !gone.has(name)))
  }
}

/**
 * Puts the nodes that nothing follows (the last of each gradient) at the end, those made last first. ONNX Runtime
 * visits such nodes from the end of the file backwards and computes what each one needs when it comes to it: in the
 * order in which autodiff emits them it would run the whole chain down to the first layer, keep every layer's gradient
 * on the way, and only then turn to the weights of the last layers. In this order every layer's gradient is used up
 * and freed on the way.
 */
export function releasingEarly(graph: Graph): Graph {
  const consumed = new Set(graph.nodes.flatMap(({ inputs }) => inputs))
  const isLast = (node: GraphNode) => !node.outputs.some(name => consumed.has(name))
  return {
    ...graph,
    nodes: [...graph.nodes.filter(node => !isLast(node)), ...graph.nodes.filter(isLast).reverse()]
  }
}
