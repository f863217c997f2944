import { resnetMethod } from './resnet'

/** ResNet50 (He et al. 2016): image only. Parameters: torchvision's `resnet50`. */
export const [resnet50, resnet50Small] = resnetMethod({
  id: 'resnet50',
  origin: 'paper',
  summary: 'ResNet50, image only',
  context: 'none'
})
