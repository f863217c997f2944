import { createHash } from 'node:crypto'
import type { StoredFilm } from '../domain'
import { IMAGENET_DEVIATION, IMAGENET_MEAN } from '../foundation'
import { displayRows } from './display'
import { resizeRows } from './resize'

/**
 * Every step from stored values to model input, in order; the last two are `greyToImage`, done where the network runs,
 * so that only one channel travels. Part of the preprocessing hash: a step that changes its
 * results gets a new number, so that no prediction is taken for one made with other steps.
 */
export const MODEL_INPUT_STEPS: readonly string[] = [
  'luminance BT.601 (1)',
  'modality transform PS3.3 C.11.1 (1)',
  'VOI transform PS3.3 C.11.2: first of the file, else body window 0.5-99.5 % (1)',
  'MONOCHROME1 turned (1)',
  'padding black (1)',
  'letterbox centred on black (1)',
  'resize antialiased triangle filter (1)',
  'grey to three channels (1)',
  `normalise mean ${IMAGENET_MEAN.join(' ')} deviation ${IMAGENET_DEVIATION.join(' ')} (1)`
]

/** SHA-256 (hex) over the steps and the input side. */
export function preprocessingHash(size: number): string {
  return createHash('sha256')
    .update(JSON.stringify({ size, steps: MODEL_INPUT_STEPS }))
    .digest('hex')
}

/** A rectangle in film pixels: pixel (row, column) covers [column, column + 1) x [row, row + 1). */
export interface Extent {
  left: number
  top: number
  right: number
  bottom: number
}

export interface ModelInput {
  /** [size, size], display values 0 (black) to 1. */
  plane: Float32Array
  /** What the whole input square covers of the film; reaches outside it where the letterbox is black. */
  extent: Extent
}

/** Where a film lies in a square of `size` pixels: as large as fits, centred, at least one pixel thin. */
export function letterbox(rows: number, columns: number, size: number) {
  const scale = size / Math.max(rows, columns)
  const outRows = Math.max(1, Math.round(rows * scale))
  const outColumns = Math.max(1, Math.round(columns * scale))
  const top = Math.floor((size - outRows) / 2)
  const left = Math.floor((size - outColumns) / 2)
  const rowsPerPixel = rows / outRows
  const columnsPerPixel = columns / outColumns
  const extent: Extent = {
    left: 0 - left * columnsPerPixel,
    top: 0 - top * rowsPerPixel,
    right: (size - left) * columnsPerPixel,
    bottom: (size - top) * rowsPerPixel
  }
  return { outRows, outColumns, top, left, extent }
}

/** Makes the input of a network of `size` x `size` pixels, by MODEL_INPUT_STEPS up to its three channels. */
export function modelInput(film: StoredFilm, size: number): ModelInput {
  const { rows, columns } = film
  const { outRows, outColumns, top, left, extent } = letterbox(rows, columns, size)
  const fitted = resizeRows(displayRows(film), rows, columns, outRows, outColumns)
  const plane = new Float32Array(size * size)
  for (let row = 0; row < outRows; row++) {
    plane.set(fitted.subarray(row * outColumns, (row + 1) * outColumns), (top + row) * size + left)
  }
  return { plane, extent }
}
