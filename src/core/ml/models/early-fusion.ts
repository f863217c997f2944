import { int64, reshape, type GraphBuilder, type Value } from '../graph'
import type { ModelInputs } from './model'
import { resnetMethod } from './resnet'

/** The image's three channels, then GA and BW as two constant planes: [N, 5, S, S]. */
function withContextPlanes(g: GraphBuilder, { image, context }: ModelInputs): Value {
  const [films, , height, width] = image.shape as [number, number, number, number]
  const shape = g.constant(int64([4], [films, 2, height, width]), 'planes.shape')
  const planes = g.node('Expand', [reshape(g, context, [films, 2, 1, 1]), shape], {}, 'planes')
  return g.node('Concat', [image, planes], { axis: 1 }, 'imageAndPlanes')
}

/**
 * Early fusion (the paper's InputConcat): ResNet50 over the image and two planes that hold normalised GA and BW.
 * Parameters: torchvision's `resnet50`, but `conv1.weight` [64, 5, 7, 7].
 */
export const [earlyFusion, earlyFusionSmall] = resnetMethod({
  id: 'early-fusion',
  origin: 'paper',
  summary: 'ResNet50 over the image with GA and BW as two more channels',
  context: 'backbone',
  widened: ['conv1.weight'],
  variations: { enter: withContextPlanes }
})
