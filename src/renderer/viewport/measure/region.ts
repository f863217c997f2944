import type { FilmPoint, PixelHeader } from '../../../contract'

/** Of modality values of the film pixels whose centres lie inside a region. */
export interface RegionStatistics {
  count: number
  mean: number
  /** Of the pixels themselves (divided by their number, not by one less). */
  sd: number
  min: number
  max: number
}

/**
 * @param points two opposite corners in film coordinates; of an ellipse, of the rectangle around it
 * @returns null where no pixel's centre lies inside the region and on the film
 */
export function regionStatistics(
  { header, values }: { header: PixelHeader; values: Uint16Array },
  kind: 'rectangle' | 'ellipse',
  points: readonly FilmPoint[]
): RegionStatistics | null {
  const { rows, columns, slope, intercept } = header
  const [a, b] = points as [FilmPoint, FilmPoint]
  const [left, right] = [Math.min(a.u, b.u), Math.max(a.u, b.u)]
  const [top, bottom] = [Math.min(a.v, b.v), Math.max(a.v, b.v)]
  let count = 0
  let sum = 0
  let squares = 0
  let low = Infinity
  let high = -Infinity
  let origin: number | null = null
  for (let row = Math.max(0, Math.ceil(top - 0.5)); row < rows && row + 0.5 <= bottom; row++) {
    const half = kind === 'ellipse' ? chord((row + 0.5 - top) / (bottom - top)) : 0.5
    const middle = (left + right) / 2
    const from = Math.max(0, Math.ceil(middle - half * (right - left) - 0.5))
    const to = Math.min(columns - 1, Math.floor(middle + half * (right - left) - 0.5))
    for (let at = row * columns + from; at <= row * columns + to; at++) {
      const value = values[at]!
      // Differences from one value keep the sums of squares exact.
      const difference = value - (origin ??= value)
      count += 1
      sum += difference
      squares += difference * difference
      if (value < low) low = value
      if (value > high) high = value
    }
  }
  if (count === 0) return null
  const toModality = (value: number) => value * slope + intercept
  const variance = Math.max(0, squares / count - (sum / count) ** 2)
  const ends = [toModality(low), toModality(high)]
  return {
    count,
    mean: toModality(origin! + sum / count),
    sd: Math.abs(slope) * Math.sqrt(variance),
    min: Math.min(...ends),
    max: Math.max(...ends)
  }
}

/** Half the width of an ellipse of width 1 at a share of its height. */
function chord(height: number): number {
  return Math.sqrt(Math.max(0, 0.25 - (height - 0.5) ** 2))
}
