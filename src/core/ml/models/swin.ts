import { pad, reshape, transpose, type GraphBuilder, type Value } from '../graph'
import {
  channelsFirst,
  channelsLast,
  conv,
  gelu,
  layerNorm,
  linear,
  risingProbability,
  stochasticDepth,
  windowAttention
} from '../layers'
import { CLASSES, type ModelDefinition } from './model'

const WIDTH = 96
const DEPTHS = [2, 2, 6, 2] as const
const HEADS = [3, 6, 12, 24] as const
const WINDOW = 7
const STOCHASTIC_DEPTH = 0.2
const EPSILON = 1e-5
const INITIAL = { kind: 'normal', sd: 0.02 } as const

const dropProbability = risingProbability(
  STOCHASTIC_DEPTH,
  DEPTHS.reduce((sum, depth) => sum + depth, 0)
)

/** Attention, then a perceptron four times as wide, each behind a layer norm and added to its input. x [N, H, W, C]. */
function block(
  g: GraphBuilder,
  x: Value,
  name: string,
  { heads, shift, probability }: { heads: number; shift: number; probability: number }
): Value {
  const add = (to: Value, branch: Value, which: string) => {
    const kept = stochasticDepth(g, branch, `${name}.stochastic_depth.${which}`, probability)
    return g.node('Add', [to, kept], {}, `${name}.${which}.add`)
  }
  const channels = x.shape[3]!
  const normed = layerNorm(g, x, `${name}.norm1`, EPSILON)
  x = add(x, windowAttention(g, normed, `${name}.attn`, { heads, window: WINDOW, shift }), 'attn')
  let y = layerNorm(g, x, `${name}.norm2`, EPSILON)
  y = gelu(g, linear(g, y, `${name}.mlp.0`, 4 * channels, { initial: INITIAL }))
  y = linear(g, y, `${name}.mlp.3`, channels, { initial: INITIAL })
  return add(x, y, 'mlp')
}

function stage(g: GraphBuilder, x: Value, index: number): Value {
  const before = DEPTHS.slice(0, index).reduce((sum, depth) => sum + depth, 0)
  for (let i = 0; i < DEPTHS[index]!; i++) {
    x = block(g, x, `features.${2 * index + 1}.${i}`, {
      heads: HEADS[index]!,
      shift: i % 2 === 0 ? 0 : Math.floor(WINDOW / 2),
      probability: dropProbability(before + i)
    })
  }
  return x
}

/** Four neighbours become one place, twice as wide; an odd side gets a row of zeros. [N, H, W, C] -> [N, H/2, W/2, 2 C]. */
function mergePatches(g: GraphBuilder, x: Value, index: number): Value {
  const name = `features.${2 * index}`
  const [films, height, width, channels] = x.shape as [number, number, number, number]
  const even = pad(g, x, [0, 0, 0, 0, 0, height % 2, width % 2, 0])
  const [rows, columns] = [Math.ceil(height / 2), Math.ceil(width / 2)]
  const fours = reshape(g, even, [films, rows, 2, columns, 2, channels])
  // torchvision's order: down the left column, then down the right one.
  const joined = reshape(g, transpose(g, fours, [0, 1, 3, 4, 2, 5]), [films, rows, columns, 4 * channels])
  const normed = layerNorm(g, joined, `${name}.norm`, EPSILON)
  return linear(g, normed, `${name}.reduction`, 2 * channels, { bias: false, initial: INITIAL })
}

/** Swin-T (Liu et al. 2021): image only. Parameters: torchvision's `swin_t`. Maps are [N, H, W, C] up to the last. */
export const swinT: ModelDefinition = {
  id: 'swin-t',
  origin: 'paper',
  summary: 'Swin Transformer, tiny, image only',
  head: 'head.',
  ownParts: [],
  widened: [],
  classes: CLASSES,
  defaultSize: 512,
  context: 'none',
  backbone: {
    trunk(g, { image }) {
      const patches = conv(g, image, 'features.0.0', { out: WIDTH, kernel: 4, stride: 4, bias: true })
      let x = layerNorm(g, channelsLast(g, patches), 'features.0.2', EPSILON)
      x = stage(g, x, 0)
      x = stage(g, mergePatches(g, x, 1), 1)
      return stage(g, mergePatches(g, x, 2), 2)
    },
    lastStage(g, trunk) {
      const x = stage(g, mergePatches(g, trunk, 3), 3)
      return channelsFirst(g, layerNorm(g, x, 'norm', EPSILON))
    }
  },
  classify: (g, pooled) => ({ logits: linear(g, pooled, 'head', CLASSES, { initial: INITIAL }), scale: null })
}
