import { float32, int64, pad, reshape, slice, transpose, type GraphBuilder, type Value } from '../graph'
import { softmax } from './activation'
import { linear } from './linear'

export interface WindowAttentionOptions {
  heads: number
  /** Side of a window in places of the map. */
  window: number
  /** Places by which the windows are moved down and right; 0: not. */
  shift: number
}

/** Added to the attention between places that are neighbours only because the map was rolled; torchvision's value. */
const APART = -100

const INITIAL = { kind: 'normal', sd: 0.02 } as const

/**
 * Multi-head self-attention within shifted windows (Liu et al. 2021), as torchvision has it: the map is padded with
 * zeros to whole windows, and windows are not moved along an axis that one window covers.
 * x [N, H, W, C] -> the same shape. Parameters: `{name}.qkv.*` [3 C, C], `{name}.proj.*` [C, C],
 * `{name}.relative_position_bias_table` [(2 window - 1)^2, heads].
 */
export function windowAttention(
  g: GraphBuilder,
  x: Value,
  name: string,
  options: WindowAttentionOptions
): Value {
  const { heads, window } = options
  const [films, height, width, channels] = x.shape as [number, number, number, number]
  const rows = Math.ceil(height / window)
  const columns = Math.ceil(width / window)
  const windows = rows * columns
  const places = window * window
  const shifts = [rows > 1 ? options.shift : 0, columns > 1 ? options.shift : 0] as const

  const padded = pad(g, x, [0, 0, 0, 0, 0, rows * window - height, columns * window - width, 0])
  const rolled = roll(g, roll(g, padded, 1, shifts[0]), 2, shifts[1])
  const grid = reshape(g, rolled, [films, rows, window, columns, window, channels])
  const tokens = reshape(g, transpose(g, grid, [0, 1, 3, 2, 4, 5]), [films * windows * places, channels])

  const depth = channels / heads
  const project = projections(g, tokens, name)
  // [N, windows, heads, places, depth]; of the keys the transpose.
  const perHead = (part: Value, perm: readonly number[]) =>
    transpose(g, reshape(g, part, [films, windows, places, heads, depth]), perm)
  const queries = perHead(project(0, 1 / Math.sqrt(depth)), [0, 1, 3, 2, 4])
  const keys = perHead(project(1), [0, 1, 3, 4, 2])
  const values = perHead(project(2), [0, 1, 3, 2, 4])

  const likeness = g.node('MatMul', [queries, keys])
  const bias = attentionBias(g, name, options, { rows, columns, shifts })
  const attention = softmax(g, g.node('Add', [likeness, bias]), `${name}.attention`)
  const mixed = transpose(g, g.node('MatMul', [attention, values]), [0, 1, 3, 2, 4])
  const out = linear(g, reshape(g, mixed, tokens.shape), `${name}.proj`, channels, { initial: INITIAL })

  const back = reshape(g, out, [films, rows, columns, window, window, channels])
  const whole = reshape(g, transpose(g, back, [0, 1, 3, 2, 4, 5]), padded.shape)
  const unrolled = roll(g, roll(g, whole, 1, -shifts[0]), 2, -shifts[1])
  return slice(g, unrolled, [
    { axis: 1, start: 0, end: height },
    { axis: 2, start: 0, end: width }
  ])
}

/**
 * Queries, keys and values (0, 1, 2) of tokens [T, C], each [T, C] and multiplied by `factor`. The weights are cut and
 * not what they give, which is far larger.
 */
function projections(g: GraphBuilder, tokens: Value, name: string) {
  const channels = tokens.shape[1]!
  const weight = g.parameter(`${name}.qkv.weight`, [3 * channels, channels], INITIAL)
  const bias = g.parameter(`${name}.qkv.bias`, [3 * channels], { kind: 'constant', value: 0 })
  return (part: 0 | 1 | 2, factor = 1) => {
    const own = [{ axis: 0, start: part * channels, end: (part + 1) * channels }]
    const inputs = [tokens, slice(g, weight, own), slice(g, bias, own)]
    return g.node('Gemm', inputs, { transB: 1, alpha: factor, beta: factor })
  }
}

/** Moves everything `by` places towards the start of an axis; what falls off comes in again at the end. */
function roll(g: GraphBuilder, x: Value, axis: number, by: number): Value {
  if (by === 0) return x
  const size = x.shape[axis]!
  const cut = (by + size) % size
  return g.node(
    'Concat',
    [slice(g, x, [{ axis, start: cut, end: size }]), slice(g, x, [{ axis, start: 0, end: cut }])],
    { axis }
  )
}

/** What is added to the attention: [1, windows or 1, heads, places, places]. */
function attentionBias(
  g: GraphBuilder,
  name: string,
  { heads, window }: WindowAttentionOptions,
  { rows, columns, shifts }: { rows: number; columns: number; shifts: readonly [number, number] }
): Value {
  const places = window * window
  const table = g.parameter(`${name}.relative_position_bias_table`, [(2 * window - 1) ** 2, heads], INITIAL)
  const index = g.constant(
    int64([places * places], relativePositions(window)),
    `${name}.relative_position_index`
  )
  const byPair = reshape(g, g.node('Gather', [table, index], { axis: 0 }), [places, places, heads])
  const perHead = reshape(g, transpose(g, byPair, [2, 0, 1]), [1, 1, heads, places, places])
  if (shifts[0] === 0 && shifts[1] === 0) return perHead
  const mask = float32([1, rows * columns, 1, places, places], apartMask(window, rows, columns, shifts))
  return g.node('Add', [perHead, g.constant(mask, `${name}.mask`)])
}

/** Row of the bias table for each pair of places of a window, the first place outermost. */
function relativePositions(window: number): number[] {
  const places = Array.from(
    { length: window * window },
    (_, i) => [Math.floor(i / window), i % window] as const
  )
  return places.flatMap(([y1, x1]) =>
    places.map(([y2, x2]) => (y1 - y2 + window - 1) * (2 * window - 1) + (x1 - x2 + window - 1))
  )
}

/** APART for each pair of places of a window that come from different sides of the map, else 0. */
function apartMask(
  window: number,
  rows: number,
  columns: number,
  shifts: readonly [number, number]
): Float32Array {
  /** The last window along an axis holds what was its own, then what came in from the start. */
  const side = (place: number, count: number, shift: number) =>
    shift === 0 || place < (count - 1) * window ? 0 : place < count * window - shift ? 1 : 2
  const places = window * window
  const mask = new Float32Array(rows * columns * places * places)
  let at = 0
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const sides = Array.from({ length: places }, (_, i) => {
        const y = row * window + Math.floor(i / window)
        const x = column * window + (i % window)
        return 3 * side(y, rows, shifts[0]) + side(x, columns, shifts[1])
      })
      for (const first of sides) for (const second of sides) mask[at++] = first === second ? 0 : APART
    }
  }
  return mask
}
