import type { GraphBuilder, Value } from '../graph'
import { batchNorm, conv, linear, maxPool, relu } from '../layers'
import { CLASSES, type Backbone, type ModelDefinition, type ModelInputs } from './model'

export interface ResNetConfig {
  /** Channels of the stem; stage i works with width * 2^i and gives four times that. 64 in ResNet50. */
  width: number
  /** Bottleneck blocks per stage; [3, 4, 6, 3] in ResNet50. */
  depths: readonly number[]
}

/** What a method does differently from a plain ResNet. */
export interface ResNetVariations {
  /** What the first convolution sees; by default the image. */
  enter?(g: GraphBuilder, inputs: ModelInputs): Value
  /** Applied to what the bottleneck `block` is about to add to its shortcut. */
  attend?(g: GraphBuilder, branch: Value, block: string): Value
  /** Applied to what a stage of the trunk gives: C2, C3, C4. */
  afterStage?(g: GraphBuilder, map: Value, name: 'c2' | 'c3' | 'c4', inputs: ModelInputs): Value
}

/** Channels that a bottleneck gives for each that it works with. */
const EXPANSION = 4

const TRUNK_STAGES = ['c2', 'c3', 'c4'] as const

/**
 * ResNet with bottleneck blocks (He et al. 2016), stride in the 3x3 as torchvision has it, under torchvision's names.
 * image [N, 3, H, W] -> features [N, 32 * width, H / 32, W / 32] (with four stages; sizes rounded up).
 */
export function resnet(
  { width, depths }: ResNetConfig,
  { enter = (_, { image }) => image, attend, afterStage }: ResNetVariations = {}
): Backbone {
  const stage = (g: GraphBuilder, x: Value, index: number) => {
    for (let block = 0; block < depths[index]!; block++) {
      const stride = block === 0 && index > 0 ? 2 : 1
      x = bottleneck(g, x, `layer${index + 1}.${block}`, { width: width * 2 ** index, stride, attend })
    }
    return x
  }
  return {
    trunk(g, inputs) {
      let x = conv(g, enter(g, inputs), 'conv1', { out: width, kernel: 7, stride: 2, padding: 3 })
      x = relu(g, batchNorm(g, x, 'bn1'), 'relu')
      x = maxPool(g, x, 'maxpool', { kernel: 3, stride: 2, padding: 1 })
      TRUNK_STAGES.forEach((name, index) => {
        x = stage(g, x, index)
        if (afterStage) x = afterStage(g, x, name, inputs)
      })
      return x
    },
    lastStage: (g, trunk) => stage(g, trunk, TRUNK_STAGES.length)
  }
}

function bottleneck(
  g: GraphBuilder,
  x: Value,
  name: string,
  { width, stride, attend }: { width: number; stride: number; attend: ResNetVariations['attend'] }
): Value {
  const out = width * EXPANSION
  let y = conv(g, x, `${name}.conv1`, { out: width, kernel: 1 })
  y = relu(g, batchNorm(g, y, `${name}.bn1`), `${name}.relu1`)
  y = conv(g, y, `${name}.conv2`, { out: width, kernel: 3, stride, padding: 1 })
  y = relu(g, batchNorm(g, y, `${name}.bn2`), `${name}.relu2`)
  y = conv(g, y, `${name}.conv3`, { out, kernel: 1 })
  y = batchNorm(g, y, `${name}.bn3`, { initialScale: 0 })
  if (attend) y = attend(g, y, name)
  const reshapes = stride > 1 || x.shape[1] !== out
  const shortcut = reshapes
    ? batchNorm(g, conv(g, x, `${name}.downsample.0`, { out, kernel: 1, stride }), `${name}.downsample.1`)
    : x
  return relu(g, g.node('Add', [y, shortcut], {}, `${name}.add`), `${name}.relu3`)
}

/** logits = fc(pooled), for methods that do not see GA and BW here. */
function plainClassifier(g: GraphBuilder, pooled: Value): { logits: Value; scale: null } {
  return { logits: linear(g, pooled, 'fc', CLASSES), scale: null }
}

/** What a method over a ResNet says of itself. */
export interface ResNetMethod extends Pick<ModelDefinition, 'id' | 'summary' | 'context'> {
  origin: 'paper' | 'own'
  ownParts?: readonly string[]
  widened?: readonly string[]
  variations?: ResNetVariations
  classify?: ModelDefinition['classify']
}

/** A method over ResNet50, and the same a quarter as wide and half as deep: for the demo project, tests, slow machines. */
export function resnetMethod({
  variations,
  classify = plainClassifier,
  ownParts = [],
  widened = [],
  ...method
}: ResNetMethod): readonly [ModelDefinition, ModelDefinition] {
  const shared = { ...method, head: 'fc.', ownParts, widened, classes: CLASSES, classify }
  const full = { width: 64, depths: [3, 4, 6, 3] }
  const small = { width: 16, depths: [2, 2, 2, 2] }
  return [
    { ...shared, defaultSize: 512, backbone: resnet(full, variations) },
    {
      ...shared,
      id: `${method.id}-small`,
      origin: 'small',
      summary: `${method.id} a quarter as wide and half as deep, for demonstration`,
      defaultSize: 160,
      backbone: resnet(small, variations)
    }
  ]
}
