import { differentiate } from '../autodiff'
import { createGraphBuilder, float32, type Graph, type Parameter, type Value } from '../graph'
import { crossEntropy } from '../losses'
import { buildFrom, entryShape, type Entry, type ModelDefinition } from '../models'
import { adam, type AdamOptions } from '../optimizers'
import { withBatchStatistics, type BatchStatistics } from './batch-statistics'
import { withFoldedBatchNorm } from './frozen-batch-norm'
import { releasingEarly, withoutDeadNodes } from './lean-graph'
import { withRandomBranches, type RandomBranch } from './random-branches'

export interface TrainingStepOptions {
  /** Where the network is entered: what lies before it is neither run nor trained. */
  entry: Entry
  batch: number
  /** Side of the square image in pixels. */
  size: number
  /** Which parameters learn; the rest is frozen, and no backward pass is made for what only frozen ones need. */
  trains(name: string): boolean
  /** frozen: normalise with the running statistics and leave them alone; batch: torch's train mode. */
  batchNorm: 'frozen' | 'batch'
  labelSmoothing: number
  /** Whether films go without residual branches at random, where the network has such; false by default. */
  stochasticDepth?: boolean
  /** null: the graph ends with the gradients, for a caller that adds up several batches or updates by itself. */
  optimizer: AdamOptions | null
}

export interface TrainingStep {
  graph: Graph
  /** Learned by this step, in order. */
  trained: readonly Parameter[]
  /** Buffers that the step renews. */
  renewed: readonly string[]
  /** Inputs by which residual branches are left out; none without stochastic depth. */
  branches: readonly RandomBranch[]
}

/** Names of the tensors that belong to a parameter or buffer in a training step's inputs and outputs. */
export const momentName = (parameter: string) => `adam.mean/${parameter}`
export const squareName = (parameter: string) => `adam.square/${parameter}`
export const gradientName = (parameter: string) => `gradient/${parameter}`
export const nextName = (value: string) => `next/${value}`

/**
 * Forward, loss, backward and update as one graph.
 * Inputs: `input` [N, ...entryShape] and `context` [N, 2], both normalised; `targets` [N, K]; `classWeights` [K];
 * `normaliser` []; every parameter and buffer by its name; the factors [N] of `branches`; with an optimizer `learningRate`, `correction1`,
 * `correction2` [] and the moments of every trained parameter.
 * Outputs: `loss` [], `logits` [N, K]; `next/...` of every renewed buffer; then either `gradient/...` of every trained
 * parameter, or `next/...` of it and of its moments.
 */
export function trainingStep(definition: ModelDefinition, options: TrainingStepOptions): TrainingStep {
  const { entry, batch, size, trains, optimizer } = options
  const g = createGraphBuilder(`${definition.id}-training-step`)
  const input = g.input('input', 'float32', [batch, ...entryShape(definition, entry, size)])
  const context = g.input('context', 'float32', [batch, 2])
  const targets = g.input('targets', 'float32', [batch, definition.classes])
  const classWeights = g.input('classWeights', 'float32', [definition.classes])
  const normaliser = g.input('normaliser', 'float32', [])

  const { running, closedForms }: BatchStatistics = { running: new Map(), closedForms: new Map() }
  const normalising =
    options.batchNorm === 'batch' ? withBatchStatistics(g, { running, closedForms }) : withFoldedBatchNorm(g)
  const branches: RandomBranch[] = []
  const layers = withRandomBranches(normalising, options.stochasticDepth ? branches : null)
  const { logits } = buildFrom(definition, entry, layers, { input, context })
  const { loss, constants } = crossEntropy(
    g,
    { logits, targets, classWeights, normaliser },
    options.labelSmoothing
  )

  const trained = g.parameters.filter(({ kind, name }) => kind === 'weight' && trains(name))
  const gradients = differentiate(g, { of: loss, withRespectTo: trained, constants, closedForms })
  const outputs: Record<string, Value> = { loss, logits }
  for (const [name, value] of running) outputs[nextName(name)] = value

  if (optimizer) {
    const schedule = {
      learningRate: g.input('learningRate', 'float32', []),
      correction1: g.input('correction1', 'float32', []),
      correction2: g.input('correction2', 'float32', [])
    }
    for (const parameter of trained) {
      const { name, shape } = parameter
      const mean = g.input(momentName(name), 'float32', shape)
      const square = g.input(squareName(name), 'float32', shape)
      const next = adam(g, { parameter, mean, square }, gradients.get(name)!, schedule, optimizer)
      outputs[nextName(name)] = next.parameter
      outputs[nextName(mean.name)] = next.mean
      outputs[nextName(square.name)] = next.square
    }
  } else {
    for (const { name } of trained) outputs[gradientName(name)] = gradients.get(name)!
  }
  const graph = releasingEarly(withoutDeadNodes(g.build(outputs)))
  return { graph, trained, renewed: [...running.keys()], branches }
}

/** Step t = 1, 2, ... of Adam as the inputs of a training step. */
export function adamScalars({ beta1, beta2 }: AdamOptions, learningRate: number, step: number) {
  return {
    learningRate: float32([], [learningRate]),
    correction1: float32([], [1 - beta1 ** step]),
    correction2: float32([], [1 - beta2 ** step])
  }
}
