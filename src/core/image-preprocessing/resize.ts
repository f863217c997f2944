import type { DisplayRows } from './display'

/** Source pixels and weights of each output pixel along one axis. */
interface AxisWeights {
  /** First source pixel. */
  first: Int32Array
  count: Int32Array
  /** `stride` weights per output pixel, of which `count` are used; they sum to 1. */
  weights: Float32Array
  stride: number
}

/**
 * Antialiased bilinear resize: a triangle filter as wide as the reduction, cut at the borders and normalised, as in
 * PyTorch's upsample_bilinear2d_aa (torchvision resize with antialias=True), columns first.
 * @param read source of `rows` rows of `columns` values
 * @returns outRows * outColumns values, row-major
 */
export function resizeRows(
  read: DisplayRows,
  rows: number,
  columns: number,
  outRows: number,
  outColumns: number
): Float32Array {
  const horizontal = axisWeights(columns, outColumns)
  const vertical = axisWeights(rows, outRows)
  const source = new Float32Array(columns)
  const narrowed = new Float32Array(rows * outColumns)
  for (let row = 0; row < rows; row++) {
    read(row, source)
    const start = row * outColumns
    for (let column = 0; column < outColumns; column++) {
      const first = horizontal.first[column]!
      const count = horizontal.count[column]!
      const weight = column * horizontal.stride
      let sum = 0
      for (let k = 0; k < count; k++) sum += source[first + k]! * horizontal.weights[weight + k]!
      narrowed[start + column] = sum
    }
  }
  const resized = new Float32Array(outRows * outColumns)
  for (let row = 0; row < outRows; row++) {
    const start = row * outColumns
    const count = vertical.count[row]!
    for (let k = 0; k < count; k++) {
      const weight = vertical.weights[row * vertical.stride + k]!
      const from = (vertical.first[row]! + k) * outColumns
      for (let column = 0; column < outColumns; column++) {
        resized[start + column]! += weight * narrowed[from + column]!
      }
    }
  }
  return resized
}

/** Computed in single precision where PyTorch does, so that the same pixels get the same weights. */
function axisWeights(size: number, outSize: number): AxisWeights {
  const scale = Math.fround(size / outSize)
  const support = Math.max(scale, 1)
  const perUnit = Math.fround(1 / support)
  const stride = Math.ceil(support) * 2 + 1
  const first = new Int32Array(outSize)
  const count = new Int32Array(outSize)
  const weights = new Float32Array(outSize * stride)
  for (let i = 0; i < outSize; i++) {
    const center = Math.fround(scale * (i + 0.5))
    const low = Math.max(Math.trunc(center - support + 0.5), 0)
    const high = Math.min(Math.trunc(center + support + 0.5), size)
    first[i] = low
    count[i] = high - low
    let sum = 0
    for (let k = 0; k < high - low; k++) {
      const distance = Math.abs(Math.fround((low + k - center + 0.5) * perUnit))
      const weight = Math.fround(Math.max(0, 1 - distance))
      weights[i * stride + k] = weight
      sum = Math.fround(sum + weight)
    }
    for (let k = 0; k < high - low; k++) weights[i * stride + k]! /= sum
  }
  return { first, count, weights, stride }
}
