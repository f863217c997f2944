import type { GraphBuilder, GraphNode, Value } from '../graph'

export interface RuleContext {
  /** Where the rule emits its nodes. */
  g: GraphBuilder
  node: GraphNode
  inputs: readonly (Value | null)[]
  output: Value
  /** Which inputs' gradients will be used: a rule leaves out the work for the others. */
  needs: readonly boolean[]
}

/**
 * From the gradient of a node's output to those of its inputs, in order; null where none is needed or there is none.
 * A gradient may still have the output's broadcast shape: the engine sums it down to the input's.
 */
export type GradientRule = (dy: Value, context: RuleContext) => readonly (Value | null)[]
