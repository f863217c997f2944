import { NeoGateError } from '../../foundation'
import { float32, sameShape, type GraphBuilder, type GraphNode, type Value } from '../graph'
import { sumTo } from './emit'
import type { GradientRule } from './gradient-rule'
import { GRADIENT_RULES } from './gradient-rules'

/** The gradient of a value that several nodes make, written down as one formula. */
export interface ClosedForm {
  /** What the value is computed from, however many nodes lie between. */
  inputs: readonly Value[]
  /** Gives a gradient for each of `inputs`. */
  rule: GradientRule
}

export interface GradientRequest {
  /** The scalar to differentiate, shape []. */
  of: Value
  /** Usually trainable parameters. Everything that only frozen ones lead to is left out of the backward pass. */
  withRespectTo: readonly Value[]
  /** Values treated as constants although they depend on the parameters (a maximum taken for numerical safety). */
  constants?: readonly Value[]
  /** By the name of the value: taken instead of the rules of the nodes that make it. */
  closedForms?: ReadonlyMap<string, ClosedForm>
}

/**
 * Emits the nodes that compute d of / d v for every v asked for, and returns those gradients by the name of v, each in
 * the shape of v. Reverse mode: walk the nodes backwards from the loss, hand each node the gradient of its output, and
 * add up what comes back for its inputs.
 * @throws NeoGateError MODEL_REFUSED naming the op, where an op on the way has no gradient rule, and naming the
 * value, where the loss does not depend on it
 */
export function differentiate(g: GraphBuilder, request: GradientRequest): Map<string, Value> {
  const { of: loss, withRespectTo, constants = [], closedForms } = request
  if (!sameShape(loss.shape, []))
    throw new NeoGateError('MODEL_REFUSED', `${loss.name}: only a scalar has a gradient here`)

  const nodes = [...g.nodes]
  const moving = dependents(nodes, withRespectTo, constants)
  const reaching = ancestors(nodes, loss)
  const gradients = new Map<string, Value>([[loss.name, g.constant(float32([], [1]), 'one')]])

  for (const node of nodes.reverse()) {
    const output = node.outputs[0]!
    const dy = gradients.get(output)
    if (!dy || !moving.has(output) || !reaching.has(output)) continue
    const closedForm = closedForms?.get(output)
    const rule = closedForm?.rule ?? GRADIENT_RULES[node.op]
    if (!rule)
      throw new NeoGateError('MODEL_REFUSED', `${node.op} '${output}' has no gradient rule.`, {
        field: node.op
      })

    const inputs = closedForm?.inputs ?? node.inputs.map(name => (name === '' ? null : g.value(name)))
    const needs = inputs.map(input => input !== null && moving.has(input.name))
    const found = rule(dy, { g, node, inputs, output: g.value(output), needs })
    inputs.forEach((input, index) => {
      const gradient = found[index]
      if (!input || !needs[index]) return
      if (!gradient) {
        throw new NeoGateError(
          'MODEL_REFUSED',
          `${node.op} '${output}' has no gradient for its input ${index}.`,
          {
            field: node.op
          }
        )
      }
      const reduced = sumTo(g, gradient, input.shape)
      const sofar = gradients.get(input.name)
      gradients.set(input.name, sofar ? g.node('Add', [sofar, reduced]) : reduced)
    })
  }

  return new Map(
    withRespectTo.map(({ name }) => {
      const gradient = gradients.get(name)
      if (!gradient)
        throw new NeoGateError('MODEL_REFUSED', `${loss.name} does not depend on ${name}.`, { field: name })
      return [name, gradient]
    })
  )
}

/** Names of everything that changes when one of the sources does, the sources included. */
function dependents(
  nodes: readonly GraphNode[],
  sources: readonly Value[],
  fixed: readonly Value[]
): Set<string> {
  const moving = new Set(sources.map(({ name }) => name))
  const still = new Set(fixed.map(({ name }) => name))
  for (const node of nodes) {
    if (!node.inputs.some(name => moving.has(name))) continue
    for (const name of node.outputs) if (!still.has(name)) moving.add(name)
  }
  return moving
}

/** Names of everything that the value is computed from, itself included. */
function ancestors(nodes: readonly GraphNode[], value: Value): Set<string> {
  const reaching = new Set([value.name])
  for (let index = nodes.length - 1; index >= 0; index--) {
    const node = nodes[index]!
    if (node.outputs.some(name => reaching.has(name))) for (const name of node.inputs) reaching.add(name)
  }
  return reaching
}
