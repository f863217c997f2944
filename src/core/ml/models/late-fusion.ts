import type { GraphBuilder, Value } from '../graph'
import { linear, relu } from '../layers'
import { CLASSES, type Classification } from './model'
import { resnetMethod } from './resnet'

/** Width of both layers of the perceptron; 64 gives the paper's 23.53 M parameters. */
const HIDDEN = 64

function concatenatingClassifier(g: GraphBuilder, pooled: Value, context: Value): Classification {
  const first = relu(g, linear(g, context, 'context.fc1', HIDDEN))
  const embedded = relu(g, linear(g, first, 'context.fc2', HIDDEN))
  const joined = g.node('Concat', [pooled, embedded], { axis: 1 }, 'pooledAndContext')
  return { logits: linear(g, joined, 'fc', CLASSES), scale: null }
}

/**
 * Late fusion (feature concatenation): logits = fc([GAP(F), mlp(GA, BW)]) over ResNet50.
 * Parameters: torchvision's `resnet50`, `context.fc1.*` [64, 2], `context.fc2.*` [64, 64], `fc.weight` [6, 2048 + 64].
 */
export const [lateFusion, lateFusionSmall] = resnetMethod({
  id: 'late-fusion',
  origin: 'paper',
  summary: 'ResNet50 with an embedding of GA and BW appended to its pooled features',
  context: 'pooled',
  ownParts: ['context.'],
  classify: concatenatingClassifier
})
