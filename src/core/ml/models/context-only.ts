import { linear, relu } from '../layers'
import { CLASSES, type ModelDefinition } from './model'

/**
 * Shortcut controls: what GA and BW alone explain. A method that does not beat these has learned nothing from the image.
 */
const control = {
  origin: 'control',
  head: 'fc.',
  ownParts: ['context.'],
  widened: [],
  classes: CLASSES,
  defaultSize: 512,
  context: 'pooled',
  backbone: null
} as const

/** logits = fc(GA, BW) */
export const contextLogistic: ModelDefinition = {
  ...control,
  id: 'context-logistic',
  summary: 'Control: logistic regression on GA and BW, without the image',
  classify: (g, _, context) => ({ logits: linear(g, context, 'fc', CLASSES), scale: null })
}

/** Width of both hidden layers: those of late fusion. */
const HIDDEN = 64

/** logits = fc(mlp(GA, BW)): late fusion without its image. */
export const contextMlp: ModelDefinition = {
  ...control,
  id: 'context-mlp',
  summary: 'Control: perceptron on GA and BW, without the image',
  classify(g, _, context) {
    const first = relu(g, linear(g, context, 'context.fc1', HIDDEN))
    const embedded = relu(g, linear(g, first, 'context.fc2', HIDDEN))
    return { logits: linear(g, embedded, 'fc', CLASSES), scale: null }
  }
}
