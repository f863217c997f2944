import { int64, type GraphBuilder, type Value } from '../graph'
import {
  channelsFirst,
  channelsLast,
  conv,
  gelu,
  layerNorm,
  layerNorm2d,
  linear,
  risingProbability,
  stochasticDepth
} from '../layers'
import { CLASSES, type Classification, type ModelDefinition } from './model'

const DEPTHS = [3, 3, 9, 3] as const
const WIDTHS = [96, 192, 384, 768] as const
const LAYER_SCALE = 1e-6
const STOCHASTIC_DEPTH = 0.1
const EPSILON = 1e-6
const INITIAL = { kind: 'normal', sd: 0.02 } as const

const dropProbability = risingProbability(
  STOCHASTIC_DEPTH,
  DEPTHS.reduce((sum, depth) => sum + depth, 0)
)

/** Depthwise 7x7, layer norm, four times as wide and back, each channel scaled; added to its input. x [N, C, H, W]. */
function block(g: GraphBuilder, x: Value, name: string, probability: number): Value {
  const channels = x.shape[1]!
  const seen = conv(g, x, `${name}.block.0`, {
    out: channels,
    kernel: 7,
    padding: 3,
    groups: channels,
    bias: true,
    initial: INITIAL
  })
  let y = layerNorm(g, channelsLast(g, seen), `${name}.block.2`, EPSILON)
  y = gelu(g, linear(g, y, `${name}.block.3`, 4 * channels, { initial: INITIAL }))
  y = channelsFirst(g, linear(g, y, `${name}.block.5`, channels, { initial: INITIAL }))
  const scale = g.parameter(`${name}.layer_scale`, [channels, 1, 1], { kind: 'constant', value: LAYER_SCALE })
  const branch = g.node('Mul', [y, scale], {}, `${name}.scaled`)
  return g.node('Add', [stochasticDepth(g, branch, `${name}.stochastic_depth`, probability), x], {}, name)
}

function stage(g: GraphBuilder, x: Value, index: number): Value {
  const before = DEPTHS.slice(0, index).reduce((sum, depth) => sum + depth, 0)
  for (let i = 0; i < DEPTHS[index]!; i++) {
    x = block(g, x, `features.${2 * index + 1}.${i}`, dropProbability(before + i))
  }
  return x
}

/** Half the sides, the next stage's width. */
function downsample(g: GraphBuilder, x: Value, index: number): Value {
  const name = `features.${2 * index}`
  return conv(g, layerNorm2d(g, x, `${name}.0`, EPSILON), `${name}.1`, {
    out: WIDTHS[index]!,
    kernel: 2,
    stride: 2,
    bias: true,
    initial: INITIAL
  })
}

/**
 * Takes from each place its mean over the channels, which the layer norm behind the pooling would take away anyway: so
 * the class activation of a place adds up to the logit exactly.
 */
function centred(g: GraphBuilder, x: Value): Value {
  const channels = g.constant(int64([1], [1]), 'overChannels')
  return g.node('Sub', [x, g.node('ReduceMean', [x, channels], { keepdims: 1 })], {}, 'centred')
}

/** logits = classifier.2(layer norm(pooled)); scale is what the norm multiplies a channel by: weight / deviation. */
function normalisingClassifier(g: GraphBuilder, pooled: Value): Classification {
  const normalised = layerNorm(g, pooled, 'classifier.0', EPSILON)
  const logits = linear(g, normalised, 'classifier.2', CLASSES, { initial: INITIAL })
  const channels = g.constant(int64([1], [1]), 'overPooled')
  const variance = g.node('ReduceMean', [g.node('Mul', [pooled, pooled]), channels], { keepdims: 1 })
  const deviation = g.node('Sqrt', [g.node('Add', [variance, g.scalar(EPSILON)])])
  return { logits, scale: g.node('Div', [g.value('classifier.0.weight'), deviation], {}, 'scale') }
}

/** ConvNeXt-Tiny (Liu et al. 2022): image only. Parameters: torchvision's `convnext_tiny`. */
export const convnextTiny: ModelDefinition = {
  id: 'convnext-tiny',
  origin: 'paper',
  summary: 'ConvNeXt-Tiny, image only',
  head: 'classifier.2.',
  ownParts: [],
  widened: [],
  classes: CLASSES,
  defaultSize: 512,
  context: 'none',
  backbone: {
    trunk(g, { image }) {
      const patches = { out: WIDTHS[0], kernel: 4, stride: 4, bias: true, initial: INITIAL }
      let x = layerNorm2d(g, conv(g, image, 'features.0.0', patches), 'features.0.1', EPSILON)
      x = stage(g, x, 0)
      x = stage(g, downsample(g, x, 1), 1)
      return stage(g, downsample(g, x, 2), 2)
    },
    lastStage: (g, trunk) => centred(g, stage(g, downsample(g, trunk, 3), 3))
  },
  classify: normalisingClassifier
}
