import { NeoGateError } from '../../foundation'
import type { Attributes, Graph, GraphNode, OpName } from '../graph'

/** What one operator makes of vectors, the matrices among its inputs given with their row length. */
type Kernel = (inputs: readonly Operand[], attributes: Attributes) => Float32Array

interface Operand {
  data: Float32Array
  /** Size of the last axis. */
  width: number
}

/**
 * The operators that heads are made of, for one film: every value is a vector [1, n] or a scalar, only constants have
 * more rows. Sums are taken in double precision.
 */
const KERNELS: Partial<Record<OpName, Kernel>> = {
  Gemm: ([x, weight, bias], { alpha = 1, beta = 1 }) => {
    const size = x!.width
    // In locals, since the loop looks them up anew otherwise, at nearly twice the time.
    const [values, weights] = [x!.data, weight!.data]
    const out = new Float32Array(weights.length / size)
    for (let row = 0; row < out.length; row++) {
      let sum = 0
      for (let i = 0, at = row * size; i < size; i++, at++) sum += weights[at]! * values[i]!
      out[row] = (alpha as number) * sum + (bias ? (beta as number) * bias.data[row]! : 0)
    }
    return out
  },
  Relu: ([x]) => x!.data.map(value => Math.max(0, value)),
  Sigmoid: ([x]) => {
    const out = x!.data.slice()
    for (let i = 0; i < out.length; i++) out[i] = 1 / (1 + Math.exp(-out[i]!))
    return out
  },
  Add: ([a, b]) => combine(a!, b!, (left, right) => left + right),
  Mul: ([a, b]) => combine(a!, b!, (left, right) => left * right),
  Concat: inputs => {
    const out = new Float32Array(inputs.reduce((length, { data }) => length + data.length, 0))
    let place = 0
    for (const { data } of inputs) {
      out.set(data, place)
      place += data.length
    }
    return out
  },
  Slice: ([x, starts, ends]) => x!.data.slice(starts!.data[0], ends!.data[0]),
  LayerNormalization: ([x, weight, bias], { epsilon }) => {
    const { data, width } = x!
    const mean = data.reduce((sum, value) => sum + value, 0) / width
    const variance = data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width
    const r = 1 / Math.sqrt(variance + (epsilon as number))
    return data.map((value, i) => (value - mean) * r * weight!.data[i]! + bias!.data[i]!)
  }
}

/** Two vectors of one length, or one and a scalar. */
function combine(a: Operand, b: Operand, f: (left: number, right: number) => number): Float32Array {
  if (b.data.length === 1) return a.data.map(value => f(value, b.data[0]!))
  if (a.data.length === 1) return b.data.map(value => f(a.data[0]!, value))
  const out = a.data.slice()
  for (let i = 0; i < out.length; i++) out[i] = f(out[i]!, b.data[i]!)
  return out
}

/**
 * Makes a function that computes one output of a graph without parameters here, in this process: for graphs of a few
 * small nodes, where a session of the runtime would cost more than the numbers. Feeds are by input name. What follows from the
 * context alone, such as the gate, is kept for the next call with the same one: it is most of the work where many films are asked
 * about at one GA and BW.
 * @throws NeoGateError MODEL_REFUSED naming the first operator that is not known here
 */
export function evaluateVectors(
  graph: Graph,
  output: string
): (feeds: Readonly<Record<string, Float32Array>>) => Float32Array {
  const nodes = neededFor(graph, output)
  for (const { op } of nodes) {
    if (!KERNELS[op]) throw new NeoGateError('MODEL_REFUSED', `A head cannot hold ${op}.`, { field: op })
  }
  const widths = new Map([...graph.types].map(([name, { shape }]) => [name, shape.at(-1) ?? 1]))
  const constants = new Map(
    [...graph.constants].map(([name, { data }]) => [
      name,
      data instanceof Float32Array ? data : Float32Array.from(data as ArrayLike<number | bigint>, Number)
    ])
  )
  const ofContext = followingFrom(nodes, constants, 'context')
  const [lasting, others] = [true, false].map(alone =>
    nodes.filter(({ outputs }) => ofContext.has(outputs[0]!) === alone)
  )
  const compute = (part: readonly GraphNode[], values: Map<string, Float32Array>) => {
    for (const { op, inputs, outputs, attributes } of part) {
      const operands = inputs.map(name => ({ data: values.get(name)!, width: widths.get(name)! }))
      values.set(outputs[0]!, KERNELS[op]!(operands, attributes))
    }
    return values
  }
  let kept: { context: Float32Array; values: Map<string, Float32Array> } | null = null
  return feeds => {
    const { context } = feeds
    if (context && (!kept || kept.context.some((value, i) => value !== context[i]))) {
      kept = {
        context: context.slice(),
        values: compute(lasting!, new Map([...constants, ['context', context]]))
      }
    }
    const values = compute(others!, new Map([...(kept?.values ?? constants), ...Object.entries(feeds)]))
    // A copy where it may be used again.
    return ofContext.has(output) ? values.get(output)!.slice() : values.get(output)!
  }
}

/** Values that need nothing but this input and constants. */
function followingFrom(
  nodes: readonly GraphNode[],
  constants: ReadonlyMap<string, unknown>,
  input: string
): ReadonlySet<string> {
  const found = new Set<string>()
  for (const { inputs, outputs } of nodes) {
    if (inputs.every(name => name === input || constants.has(name) || found.has(name))) found.add(outputs[0]!)
  }
  return found
}

/** The nodes that an output is computed from, in order. */
function neededFor({ nodes }: Graph, output: string): readonly GraphNode[] {
  const needed = new Set([output])
  return [...nodes]
    .reverse()
    .filter(({ inputs, outputs }) => {
      const wanted = outputs.some(name => needed.has(name))
      if (wanted) for (const name of inputs) needed.add(name)
      return wanted
    })
    .reverse()
}
