import { differentiate } from '../autodiff'
import { createGraphBuilder, sum, type Graph, type GraphBuilder } from '../graph'
import { buildFrom, entryShape, type ModelDefinition, type ModelOutputs } from '../models'

/**
 * One film's last feature map and what the classifier makes of its channels.
 * Inputs: `image` [1, 3, S, S], ImageNet-normalised; `context` [1, 2], GA and BW normalised.
 * Outputs: `features` F [1, C, H, W]; `logits` [1, classes]; `scale` [1, C], what each channel is multiplied by, where it is.
 * @throws NeoGateError INVALID_INPUT for a control, which sees no image
 */
export function featureGraph(definition: ModelDefinition, size: number): Graph {
  const g = createGraphBuilder(`${definition.id}-features`)
  const { features, logits, scale } = network(g, definition, size)
  return g.build({ features: features!, logits, ...(scale ? { scale } : {}) })
}

/**
 * How a class's logit answers to each pixel.
 * Inputs as featureGraph, and `chosen` [1, classes], one at the class, zero elsewhere.
 * Outputs: `logits` [1, classes]; `gradient` [1, 3, S, S], d logit / d image.
 * @throws NeoGateError INVALID_INPUT for a control; MODEL_REFUSED where an operator has no gradient rule
 */
export function imageGradientGraph(definition: ModelDefinition, size: number): Graph {
  const g = withoutDropout(createGraphBuilder(`${definition.id}-image-gradient`))
  const { logits, image } = network(g, definition, size)
  const chosen = g.input('chosen', 'float32', [1, definition.classes])
  const logit = sum(g, g.node('Mul', [logits, chosen]), [0, 1], false)
  const gradient = differentiate(g, { of: logit, withRespectTo: [image] }).get(image.name)!
  return g.build({ logits, gradient })
}

/** Outside training dropout gives what it is given. */
function withoutDropout(g: GraphBuilder): GraphBuilder {
  return {
    ...g,
    node: (op, inputs, attributes, name) =>
      op === 'Dropout' ? inputs[0]! : g.node(op, inputs, attributes, name)
  }
}

function network(g: GraphBuilder, definition: ModelDefinition, size: number) {
  const image = g.input('image', 'float32', [1, ...entryShape(definition, 'image', size)])
  const context = g.input('context', 'float32', [1, 2])
  const outputs: ModelOutputs = buildFrom(definition, 'image', g, { input: image, context })
  return { ...outputs, image }
}
