import { polygonSpans, type LungMask } from '../../../src/core/image-preprocessing'

/** One byte per film pixel: 1 inside either lung. */
export function maskPixels({ imageLeft, imageRight }: LungMask, rows: number, columns: number): Uint8Array {
  const pixels = new Uint8Array(rows * columns)
  for (const { outline } of [imageLeft, imageRight])
    polygonSpans(outline, rows, columns, (row, from, to) =>
      pixels.fill(1, row * columns + from, row * columns + to)
    )
  return pixels
}

/** Dice's coefficient of two masks, non-zero being inside: 2 |A and B| / (|A| + |B|). */
export function dice(a: Uint8Array, b: Uint8Array): number {
  let both = 0
  let sum = 0
  for (let i = 0; i < a.length; i++) {
    const [inA, inB] = [a[i] ? 1 : 0, b[i] ? 1 : 0]
    both += inA & inB
    sum += inA + inB
  }
  return sum === 0 ? 1 : (2 * both) / sum
}
