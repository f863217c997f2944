import type { FilmSpec, Side } from '../film-spec'
import { createFrame } from './frame'
import { createMediastinum } from './mediastinum'
import { lungAt, settingOf } from './soft-tissue'
import { createThorax } from './thorax'

/** Share of the chest's depth that lung and free air fill where a reader sees lung rather than heart, spine or liver. */
const LEAST_SHARE = 0.5

/** Where the lungs of a drawn film lie, one byte per film pixel, row-major: 0 elsewhere, 1 right lung, 2 left lung. */
export interface LungField {
  columns: number
  rows: number
  values: Uint8Array
}

/**
 * The lung fields as they would be outlined on a drawn film, from the shapes it is drawn from: exact, and independent of
 * its greys. The part of a lung behind heart, thymus or diaphragm is left out; collapsed lung and free air belong to it.
 */
export function lungField(spec: FilmSpec): LungField {
  const { detector, anatomy, pose } = spec
  const { columns, rows } = detector
  const frame = createFrame(columns, rows, detector.mmPerPixel, anatomy.scale, pose)
  const thorax = createThorax(spec)
  const setting = settingOf(spec, thorax, createMediastinum(spec, thorax))
  const values = new Uint8Array(columns * rows)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const x = frame.toX(column + 0.5, row + 0.5)
      const y = frame.toY(column + 0.5, row + 0.5)
      const u = x / thorax.halfWidth.at(y)
      if (u <= -1 || u >= 1 || y < thorax.apex - 4 || y > setting.lowest) continue
      const side: Side = x < setting.back ? 'right' : 'left'
      const chest = 2 * thorax.halfDepth.at(y) * Math.sqrt(1 - u * u)
      if (lungAt(setting, side, x, y) < LEAST_SHARE * chest) continue
      values[row * columns + column] = side === 'right' ? 1 : 2
    }
  return { columns, rows, values }
}
