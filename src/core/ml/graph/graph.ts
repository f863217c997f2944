import type { OpName } from './ops'
import { elementCount, type Tensor, type TensorType } from './tensor'

/** A named tensor that flows through a graph. */
export interface Value extends TensorType {
  readonly name: string
}

/** How a parameter starts, as data: `ml/weights` turns it into numbers from a seed. */
export type Initial =
  | { readonly kind: 'constant'; readonly value: number }
  /** Normal with mean 0 and the given standard deviation. */
  | { readonly kind: 'normal'; readonly sd: number }
  /** Uniform in [-bound, bound]. */
  | { readonly kind: 'uniform'; readonly bound: number }

/**
 * A tensor that belongs to the model and not to the data. A `weight` is learned by gradient; a `buffer` is kept beside
 * the weights but never learned (the running statistics of batch normalisation).
 */
export interface Parameter extends Value {
  readonly kind: 'weight' | 'buffer'
  readonly initial: Initial
}

export type AttributeValue = number | string | readonly number[]
export type Attributes = Readonly<Record<string, AttributeValue>>

/** One operation. An input that is left out is ''. */
export interface GraphNode {
  readonly op: OpName
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Attributes
}

/**
 * A network as a value: nodes in an order in which they can be computed, each value made once. Nothing in it changes
 * after `build`; what transforms a graph makes a new one.
 */
export interface Graph {
  readonly name: string
  readonly inputs: readonly Value[]
  readonly parameters: readonly Parameter[]
  readonly constants: ReadonlyMap<string, Tensor>
  readonly nodes: readonly GraphNode[]
  readonly outputs: readonly Value[]
  /** The type of every value by name, inputs, parameters and constants included. */
  readonly types: ReadonlyMap<string, TensorType>
}

/** Learned numbers in a graph; buffers do not count, as in torch's `parameters()`. */
export function parameterCount(graph: Graph, counts: (name: string) => boolean = () => true): number {
  let total = 0
  for (const { kind, name, shape } of graph.parameters) {
    if (kind === 'weight' && counts(name)) total += elementCount(shape)
  }
  return total
}
