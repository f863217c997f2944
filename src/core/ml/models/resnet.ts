import type { GraphBuilder, Value } from '../graph'
import { batchNorm, conv, maxPool, relu } from '../layers'
import type { Backbone } from './model'

export interface ResNetConfig {
  /** Channels of the stem; stage i works with width * 2^i and gives four times that. 64 in ResNet50. */
  width: number
  /** Bottleneck blocks per stage; [3, 4, 6, 3] in ResNet50. */
  depths: readonly number[]
}

export const RESNET50: ResNetConfig = { width: 64, depths: [3, 4, 6, 3] }

/** Channels that a bottleneck gives for each that it works with. */
const EXPANSION = 4

/**
 * ResNet with bottleneck blocks (He et al. 2016), stride in the 3x3 as torchvision has it, under torchvision's names.
 * image [N, 3, H, W] -> features [N, 32 * width, H / 32, W / 32] (with four stages; sizes rounded up).
 */
export function resnet({ width, depths }: ResNetConfig): Backbone {
  const last = depths.length - 1
  const stage = (g: GraphBuilder, x: Value, index: number) => {
    for (let block = 0; block < depths[index]!; block++) {
      const stride = block === 0 && index > 0 ? 2 : 1
      x = bottleneck(g, x, `layer${index + 1}.${block}`, { width: width * 2 ** index, stride })
    }
    return x
  }
  return {
    trunk(g, { image }) {
      let x = conv(g, image, 'conv1', { out: width, kernel: 7, stride: 2, padding: 3 })
      x = relu(g, batchNorm(g, x, 'bn1'), 'relu')
      x = maxPool(g, x, 'maxpool', { kernel: 3, stride: 2, padding: 1 })
      for (let index = 0; index < last; index++) x = stage(g, x, index)
      return x
    },
    lastStage: (g, trunk) => stage(g, trunk, last)
  }
}

function bottleneck(
  g: GraphBuilder,
  x: Value,
  name: string,
  { width, stride }: { width: number; stride: number }
): Value {
  const out = width * EXPANSION
  let y = conv(g, x, `${name}.conv1`, { out: width, kernel: 1 })
  y = relu(g, batchNorm(g, y, `${name}.bn1`), `${name}.relu1`)
  y = conv(g, y, `${name}.conv2`, { out: width, kernel: 3, stride, padding: 1 })
  y = relu(g, batchNorm(g, y, `${name}.bn2`), `${name}.relu2`)
  y = conv(g, y, `${name}.conv3`, { out, kernel: 1 })
  y = batchNorm(g, y, `${name}.bn3`, { initialScale: 0 })
  const reshapes = stride > 1 || x.shape[1] !== out
  const shortcut = reshapes
    ? batchNorm(g, conv(g, x, `${name}.downsample.0`, { out, kernel: 1, stride }), `${name}.downsample.1`)
    : x
  return relu(g, g.node('Add', [y, shortcut], {}, `${name}.add`), `${name}.relu3`)
}
