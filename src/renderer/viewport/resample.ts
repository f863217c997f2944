import type { Affine } from './view-transform'

/** Contribution of film columns (or rows) first, first + 1, ... to one canvas column (or row); empty outside the film. */
export interface Taps {
  first: number
  weights: Float32Array
}

/**
 * Antialiased triangle filter along one axis: each canvas pixel averages the film pixels within 1/zoom of its centre
 * when the film is shown smaller (so that fine granular texture neither aliases nor shimmers), and interpolates linearly
 * when it is larger (a sharper kernel would ring, and a ring beside a skin fold reads as a pleural line).
 * @param scale film pixels per canvas pixel, signed; @param offset film coordinate at canvas coordinate 0
 */
export function axisTaps(count: number, size: number, scale: number, offset: number): Taps[] {
  const support = Math.max(1, Math.abs(scale))
  return Array.from({ length: count }, (_, i) => {
    const at = (i + 0.5) * scale + offset
    if (!(at >= 0 && at < size)) return { first: 0, weights: new Float32Array(0) }
    const first = Math.max(0, Math.ceil(at - support - 0.5))
    const last = Math.min(size - 1, Math.floor(at + support - 0.5))
    const weights = new Float32Array(last - first + 1)
    let sum = 0
    for (let k = 0; k < weights.length; k++) {
      weights[k] = Math.max(0, 1 - Math.abs(first + k + 0.5 - at) / support)
      sum += weights[k]!
    }
    for (let k = 0; k < weights.length; k++) weights[k]! /= sum
    return { first, weights }
  })
}

/**
 * Stored values at every canvas pixel, row-major, interpolated before any windowing; NaN outside the film.
 * @param film row-major, `rows` x `columns`
 */
export function resample(
  film: { values: Uint16Array; rows: number; columns: number },
  matrix: Affine,
  width: number,
  height: number
): Float32Array {
  const upright = matrix.a !== 0
  const across = upright
    ? axisTaps(width, film.columns, matrix.a, matrix.e)
    : axisTaps(height, film.columns, matrix.c, matrix.e)
  const down = upright
    ? axisTaps(height, film.rows, matrix.d, matrix.f)
    : axisTaps(width, film.rows, matrix.b, matrix.f)
  const shown = down.filter(taps => taps.weights.length > 0)
  const top = Math.min(...shown.map(taps => taps.first))
  const bottom = Math.max(...shown.map(taps => taps.first + taps.weights.length))
  const out = new Float32Array(width * height).fill(NaN)
  if (shown.length === 0) return out

  const filtered = new Float32Array((bottom - top) * across.length)
  for (let row = top; row < bottom; row++) {
    for (let i = 0; i < across.length; i++) {
      const { first, weights } = across[i]!
      let sum = weights.length > 0 ? 0 : NaN
      const from = row * film.columns + first
      for (let k = 0; k < weights.length; k++) sum += weights[k]! * film.values[from + k]!
      filtered[(row - top) * across.length + i] = sum
    }
  }
  for (let j = 0; j < down.length; j++) {
    const { first, weights } = down[j]!
    if (weights.length === 0) continue
    for (let i = 0; i < across.length; i++) {
      let sum = 0
      for (let k = 0; k < weights.length; k++)
        sum += weights[k]! * filtered[(first - top + k) * across.length + i]!
      out[upright ? j * width + i : i * width + j] = sum
    }
  }
  return out
}
