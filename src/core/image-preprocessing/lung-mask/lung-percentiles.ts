import type { StoredFilm } from '../../domain'
import { percentilesOf, type BodyPercentiles } from '../body-statistics'
import { polygonSpans, type Point } from './polygon'

/** Film pixels looked at, at most, per side. */
const SAMPLE_SIDE = 512

/** Modality values inside the outlines, padding left out. @param lungs in film coordinates */
export function lungPercentiles(
  film: StoredFilm,
  lungs: Record<'imageLeft' | 'imageRight', { outline: readonly Point[] }>
): BodyPercentiles {
  const { rows, columns, values, padding } = film
  const step = Math.max(1, Math.ceil(Math.max(rows, columns) / SAMPLE_SIDE))
  const inside = values.slice(0, 2 * Math.ceil(rows / step) * Math.ceil(columns / step))
  let count = 0
  for (const { outline } of [lungs.imageLeft, lungs.imageRight])
    polygonSpans(outline, rows, columns, (row, from, to) => {
      if (row % step !== 0) return
      for (let column = from; column < to; column += step) {
        const value = values[row * columns + column]!
        if (!padding || value < padding.low || value > padding.high) inside[count++] = value
      }
    })
  return percentilesOf(film, inside.subarray(0, count))
}
