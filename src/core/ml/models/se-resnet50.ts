import { squeezeExcitation } from '../layers'
import { resnetMethod } from './resnet'

const REDUCTION = 16

/**
 * SE-ResNet50 (Hu et al. 2018): image only, channel attention in every bottleneck.
 * Parameters: timm's `seresnet50`, that is torchvision's names and `layer*.*.se.fc1.*`, `layer*.*.se.fc2.*`.
 */
export const [seResnet50, seResnet50Small] = resnetMethod({
  id: 'se-resnet50',
  origin: 'paper',
  summary: 'ResNet50 with squeeze and excitation in every block, image only',
  context: 'none',
  ownParts: ['.se.'],
  variations: { attend: (g, branch, block) => squeezeExcitation(g, branch, `${block}.se`, REDUCTION) }
})
