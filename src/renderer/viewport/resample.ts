import type { Affine } from './view-transform'

/**
 * What each canvas column (or row) i is made of: film columns first[i], first[i] + 1, ... with the weights
 * weights[start[i]] up to, not including, weights[start[i + 1]]; none where i lies outside the film.
 */
export interface Taps {
  first: Int32Array
  start: Int32Array
  weights: Float32Array
}

/**
 * Antialiased triangle filter along one axis: each canvas pixel averages the film pixels within 1/zoom of its centre
 * when the film is shown smaller (so that fine granular texture neither aliases nor shimmers), and interpolates linearly
 * when it is larger (a sharper kernel would ring, and a ring beside a skin fold reads as a pleural line).
 * @param scale film pixels per canvas pixel, signed
 * @param offset film coordinate at canvas coordinate 0
 * @param nearest shows film pixels as they are, as squares, where the film is enlarged
 */
export function axisTaps(count: number, size: number, scale: number, offset: number, nearest = false): Taps {
  const support = Math.max(1, Math.abs(scale))
  const first = new Int32Array(count)
  const start = new Int32Array(count + 1)
  const weights = new Float32Array(count * (Math.ceil(2 * support) + 2))
  let end = 0
  for (let i = 0; i < count; i++) {
    start[i] = end
    const at = (i + 0.5) * scale + offset
    if (!(at >= 0 && at < size)) continue
    if (nearest && Math.abs(scale) < 1) {
      first[i] = Math.floor(at)
      weights[end++] = 1
      continue
    }
    const low = Math.max(0, Math.ceil(at - support - 0.5))
    const high = Math.min(size - 1, Math.floor(at + support - 0.5))
    first[i] = low
    let sum = 0
    for (let k = low; k <= high; k++) {
      const weight = Math.max(0, 1 - Math.abs(k + 0.5 - at) / support)
      weights[end++] = weight
      sum += weight
    }
    for (let k = start[i]!; k < end; k++) weights[k] = weights[k]! / sum
  }
  start[count] = end
  return { first, start, weights }
}

/** First film line that any tap reads, and the one after the last; empty where none is read. */
function linesRead({ first, start }: Taps): { from: number; to: number } {
  let from = Infinity
  let to = 0
  for (let i = 0; i < first.length; i++) {
    const taps = start[i + 1]! - start[i]!
    if (taps === 0) continue
    from = Math.min(from, first[i]!)
    to = Math.max(to, first[i]! + taps)
  }
  return { from: Math.min(from, to), to }
}

/**
 * Stored values at every canvas pixel, row-major, interpolated before any windowing; NaN outside the film.
 * Film rows are blended first, each from end to end as it lies in memory: several times faster than columns first.
 * @param film row-major, `rows` x `columns`
 */
export function resample(
  film: { values: Uint16Array; rows: number; columns: number },
  matrix: Affine,
  width: number,
  height: number,
  nearest = false
): Float32Array {
  const out = new Float32Array(width * height).fill(NaN)
  if (matrix.a !== 0 && matrix.c !== 0) return resampleTilted(film, matrix, width, out, nearest)
  const upright = matrix.a !== 0
  const across = upright
    ? axisTaps(width, film.columns, matrix.a, matrix.e, nearest)
    : axisTaps(height, film.columns, matrix.c, matrix.e, nearest)
  const down = upright
    ? axisTaps(height, film.rows, matrix.d, matrix.f, nearest)
    : axisTaps(width, film.rows, matrix.b, matrix.f, nearest)
  const { from, to } = linesRead(across)
  const line = new Float32Array(to - from)
  for (let j = 0; j < down.first.length; j++) {
    const begin = down.start[j]!
    const end = down.start[j + 1]!
    if (begin === end) continue
    line.fill(0)
    for (let k = begin; k < end; k++) {
      const row = down.first[j]! + k - begin
      addRow(film.values, row * film.columns + from, down.weights[k]!, line)
    }
    if (upright) filterLine(line, from, across, out, j * width, 1)
    else filterLine(line, from, across, out, j, width)
  }
  return out
}

/**
 * The same where the film's rows lie aslant: the triangles stand along the film's own axes, wide enough for what a canvas
 * pixel spans of each. Pixel by pixel, and several times slower.
 */
function resampleTilted(
  { values, rows, columns }: { values: Uint16Array; rows: number; columns: number },
  { a, b, c, d, e, f }: Affine,
  width: number,
  out: Float32Array,
  nearest: boolean
): Float32Array {
  const spans = { u: Math.abs(a) + Math.abs(c), v: Math.abs(b) + Math.abs(d) }
  const support = { u: Math.max(1, spans.u), v: Math.max(1, spans.v) }
  const single = { u: nearest && spans.u < 1, v: nearest && spans.v < 1 }
  const across = new Float32Array(Math.ceil(2 * support.u) + 2)
  for (let i = 0; i < out.length; i++) {
    const x = (i % width) + 0.5
    const y = Math.floor(i / width) + 0.5
    const u = a * x + c * y + e
    const v = b * x + d * y + f
    if (!(u >= 0 && v >= 0 && u < columns && v < rows)) continue
    const left = single.u ? Math.floor(u) : Math.max(0, Math.ceil(u - support.u - 0.5))
    const right = single.u ? left : Math.min(columns - 1, Math.floor(u + support.u - 0.5))
    const top = single.v ? Math.floor(v) : Math.max(0, Math.ceil(v - support.v - 0.5))
    const bottom = single.v ? top : Math.min(rows - 1, Math.floor(v + support.v - 0.5))
    let total = 0
    for (let k = left; k <= right; k++) {
      const weight = single.u ? 1 : Math.max(0, 1 - Math.abs(k + 0.5 - u) / support.u)
      across[k - left] = weight
      total += weight
    }
    let sum = 0
    let weights = 0
    for (let row = top; row <= bottom; row++) {
      const down = single.v ? 1 : Math.max(0, 1 - Math.abs(row + 0.5 - v) / support.v)
      let line = 0
      for (let k = left; k <= right; k++) line += across[k - left]! * values[row * columns + k]!
      sum += down * line
      weights += down
    }
    out[i] = sum / (weights * total)
  }
  return out
}

function addRow(values: Uint16Array, offset: number, weight: number, line: Float32Array): void {
  for (let i = 0; i < line.length; i++) line[i] = line[i]! + weight * values[offset + i]!
}

/** One blended film row through the taps; what has none is left as it is. */
function filterLine(
  line: Float32Array,
  from: number,
  { first, start, weights }: Taps,
  out: Float32Array,
  at: number,
  step: number
): void {
  for (let i = 0; i < first.length; i++) {
    const begin = start[i]!
    const end = start[i + 1]!
    if (begin === end) continue
    const shift = first[i]! - from - begin
    let sum = 0
    for (let k = begin; k < end; k++) sum += weights[k]! * line[shift + k]!
    out[at + i * step] = sum
  }
}
