import type { Picture } from './chest-picture'

/** Mean over a box of 2 * radius + 1 pixels a side, edges repeated. */
export function boxBlur({ columns, rows, values }: Picture, radius: number): Float32Array {
  const across = new Float32Array(values.length)
  for (let row = 0; row < rows; row++) slide(values, across, row * columns, 1, columns, radius)
  const down = new Float32Array(values.length)
  for (let column = 0; column < columns; column++) slide(across, down, column, columns, rows, radius)
  return down
}

function slide(
  from: Float32Array,
  to: Float32Array,
  start: number,
  step: number,
  length: number,
  radius: number
): void {
  const at = (i: number) => from[start + Math.min(length - 1, Math.max(0, i)) * step]!
  let sum = 0
  for (let i = -radius; i <= radius; i++) sum += at(i)
  for (let i = 0; i < length; i++) {
    to[start + i * step] = sum / (2 * radius + 1)
    sum += at(i + radius + 1) - at(i - radius)
  }
}

/**
 * Takes bright structures lower than 2 * radius + 1 pixels out: ribs, which cross the lungs from side to side, and what
 * else is thin (grey opening by an upright line).
 */
export function withoutRibs(picture: Picture, radius: number): Float32Array {
  const lowest = lowestNear(picture, radius, 1)
  return lowestNear({ ...picture, values: lowest }, radius, -1)
}

/** The lowest value within `radius` rows, or with `sign` -1 the highest. */
function lowestNear({ columns, rows, values }: Picture, radius: number, sign: 1 | -1): Float32Array {
  const out = new Float32Array(values.length)
  for (let row = 0; row < rows; row++) {
    const from = Math.max(0, row - radius) * columns
    const to = Math.min(rows - 1, row + radius) * columns
    for (let column = 0; column < columns; column++) {
      let found = sign * values[from + column]!
      for (let at = from + columns; at <= to; at += columns) {
        const value = sign * values[at + column]!
        if (value < found) found = value
      }
      out[row * columns + column] = sign * found
    }
  }
  return out
}

/** Grey at a place between pixel centres, edges repeated. Pixel (0, 0) has its centre at 0.5. */
export function sample({ columns, rows, values }: Picture, x: number, y: number): number {
  const u = Math.min(columns - 1, Math.max(0, x - 0.5))
  const v = Math.min(rows - 1, Math.max(0, y - 0.5))
  const column = Math.floor(u)
  const row = Math.floor(v)
  const at = row * columns + column
  const right = column + 1 < columns ? 1 : 0
  const below = row + 1 < rows ? columns : 0
  const upper = values[at]! + (values[at + right]! - values[at]!) * (u - column)
  const lower = values[at + below]! + (values[at + below + right]! - values[at + below]!) * (u - column)
  return upper + (lower - upper) * (v - row)
}
