import type { ContextSurface } from '../../../contract'

/** What a surface says between its points. */
export interface SurfaceReading {
  probabilities: number[]
  /** Class index with the largest probability. */
  predicted: number
  zScore: number | null
}

/** Bilinear between the four points around; values outside the axes count as at their ends. */
export function readSurface(surface: ContextSurface, gaDays: number, bwGrams: number): SurfaceReading {
  const { gaAxis, bwAxis, probabilities, zScores } = surface
  const x = placeOn(gaAxis, gaDays)
  const y = placeOn(bwAxis, bwGrams)
  const column = Math.min(Math.floor(x), gaAxis.length - 2)
  const row = Math.min(Math.floor(y), bwAxis.length - 2)
  const [right, down] = [x - column, y - row]
  const corners: [place: number, weight: number][] = [
    [row * gaAxis.length + column, (1 - right) * (1 - down)],
    [row * gaAxis.length + column + 1, right * (1 - down)],
    [(row + 1) * gaAxis.length + column, (1 - right) * down],
    [(row + 1) * gaAxis.length + column + 1, right * down]
  ]
  const mix = (grid: readonly (number | null)[]) =>
    corners.reduce((sum, [place, weight]) => sum + weight * (grid[place] ?? 0), 0)
  const said = probabilities.map(mix)
  return {
    probabilities: said,
    predicted: said.indexOf(Math.max(...said)),
    zScore: corners.some(([place]) => zScores[place] === null) ? null : mix(zScores)
  }
}

/** Place of a value among the points of an even axis, 0 to length - 1. */
function placeOn(axis: readonly number[], value: number): number {
  const step = axis[1]! - axis[0]!
  return Math.min(axis.length - 1, Math.max(0, (value - axis[0]!) / step))
}

/**
 * The border between answers as a path: edges of cells across which the answer changes.
 * @param x,y canvas place of a column's and a row's left and upper edge, counted from 0; one more than there are cells
 */
export function borderPath(
  { gaAxis, bwAxis, predictedAt }: ContextSurface,
  x: (column: number) => number,
  y: (row: number) => number
): string {
  let path = ''
  const columns = gaAxis.length
  for (let row = 0; row < bwAxis.length; row++) {
    for (let column = 0; column < columns; column++) {
      const own = predictedAt[row * columns + column]
      if (column + 1 < columns && predictedAt[row * columns + column + 1] !== own) {
        path += `M${x(column + 1).toFixed(1)} ${y(row).toFixed(1)}V${y(row + 1).toFixed(1)}`
      }
      if (row + 1 < bwAxis.length && predictedAt[(row + 1) * columns + column] !== own) {
        path += `M${x(column).toFixed(1)} ${y(row + 1).toFixed(1)}H${x(column + 1).toFixed(1)}`
      }
    }
  }
  return path
}

const GROUND = [16, 18, 19] as const
const FULL = [92, 184, 209] as const
const IMPLAUSIBLE = [74, 78, 81] as const

/** Colours of the surface, one pixel a cell, heaviest infants in the first row: brighter is more probable, grey is implausible. */
export function surfacePixels(surface: ContextSurface, diagnosis: number, into: Uint8ClampedArray): void {
  const { gaAxis, bwAxis, probabilities, zScores, limits } = surface
  const columns = gaAxis.length
  for (let row = 0; row < bwAxis.length; row++) {
    for (let column = 0; column < columns; column++) {
      const place = row * columns + column
      const pixel = 4 * ((bwAxis.length - 1 - row) * columns + column)
      const share = probabilities[diagnosis]![place]!
      const z = zScores[place]
      const far = z === null || z === undefined ? 0 : Math.abs(z)
      const grey = far >= limits.blocked ? 0.85 : far >= limits.warn ? 0.55 : 0
      for (let channel = 0; channel < 3; channel++) {
        const colour = GROUND[channel]! + (FULL[channel]! - GROUND[channel]!) * share
        into[pixel + channel] = colour + (IMPLAUSIBLE[channel]! - colour) * grey
      }
      into[pixel + 3] = 255
    }
  }
}
