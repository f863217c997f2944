import { cbam } from '../layers'
import { resnetMethod } from './resnet'

const REDUCTION = 16

/**
 * CBAM-ResNet50 (Woo et al. 2018): image only, channel and spatial attention in every bottleneck.
 * Parameters: torchvision's names and, as in the authors' PyTorch code, `layer*.*.cbam.ChannelGate.*`,
 * `layer*.*.cbam.SpatialGate.*`.
 */
export const [cbamResnet50, cbamResnet50Small] = resnetMethod({
  id: 'cbam-resnet50',
  origin: 'paper',
  summary: 'ResNet50 with channel and spatial attention in every block, image only',
  context: 'none',
  ownParts: ['.cbam.'],
  variations: { attend: (g, branch, block) => cbam(g, branch, `${block}.cbam`, REDUCTION) }
})
