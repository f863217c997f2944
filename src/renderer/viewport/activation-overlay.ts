import type { ActivationMap } from '../../contract'

/** A class activation map laid over the film. */
export interface Overlay {
  map: ActivationMap
  /** Opacity, 0..1, where the map is strongest. */
  opacity: number
}

/**
 * One hue per direction, stronger by opacity alone, clear at zero: orange argues for the class, blue against it. The two
 * stay apart for every common form of colour blindness and keep the film's own greys readable underneath.
 */
export const TOWARDS_COLOUR = [255, 150, 40] as const
export const AGAINST_COLOUR = [60, 150, 255] as const

/** The largest magnitude in a map: the end of both halves of its scale. */
export function mapScale(map: ActivationMap): number {
  return map.values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
}

/** The map at film coordinates (u, v), interpolated linearly between cell centres; 0 outside its extent. */
export function mapValue(map: ActivationMap, u: number, v: number): number {
  const { left, top, right, bottom } = map.extent
  if (u < left || u > right || v < top || v > bottom) return 0
  const x = Math.min(map.columns - 1, Math.max(0, ((u - left) / (right - left)) * map.columns - 0.5))
  const y = Math.min(map.rows - 1, Math.max(0, ((v - top) / (bottom - top)) * map.rows - 0.5))
  const column = Math.floor(x)
  const row = Math.floor(y)
  const nextColumn = Math.min(column + 1, map.columns - 1)
  const nextRow = Math.min(row + 1, map.rows - 1)
  const cell = (r: number, c: number) => map.values[r * map.columns + c]!
  const upper = cell(row, column) + (cell(row, nextColumn) - cell(row, column)) * (x - column)
  const lower = cell(nextRow, column) + (cell(nextRow, nextColumn) - cell(nextRow, column)) * (x - column)
  return upper + (lower - upper) * (y - row)
}

/** 8-bit colour of a grey under the overlay. @param strength map value over mapScale, -1..1 */
export function blendOverlay(grey: number, strength: number, opacity: number): [number, number, number] {
  const colour = strength > 0 ? TOWARDS_COLOUR : AGAINST_COLOUR
  const alpha = opacity * Math.min(1, Math.abs(strength))
  const mix = (channel: number) => Math.round(grey + (channel - grey) * alpha)
  return [mix(colour[0]), mix(colour[1]), mix(colour[2])]
}
