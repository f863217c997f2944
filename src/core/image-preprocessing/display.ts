import type { StoredFilm, VoiTransform } from '../domain'
import { bodyWindow } from './body-statistics'
import { modalityFunction } from './modality'
import { voiFunction } from './voi'

/** Writes display values (0 black .. 1 white) of one row into `target`. */
export type DisplayRows = (row: number, target: Float32Array) => void

/** What turns modality values to display values: the file's first VOI transform, or a window on the body. */
export function displayVoi(film: StoredFilm): VoiTransform {
  return film.voi[0] ?? bodyWindow(film)
}

/**
 * Display values row by row: modality transform, VOI transform, MONOCHROME1 turned (here and nowhere else), padding
 * black. Films of up to 16 bits go through a table of all their possible values.
 */
export function displayRows(film: StoredFilm): DisplayRows {
  const { columns, values } = film
  const toDisplay = displayFunction(film)
  if (values.BYTES_PER_ELEMENT > 2) {
    return (row, target) => {
      for (let i = 0, at = row * columns; i < columns; i++, at++) target[i] = toDisplay(values[at]!)
    }
  }
  const size = 2 ** film.bitsStored
  const lowest = film.signed ? -size / 2 : 0
  const table = Float32Array.from({ length: size }, (_, i) => toDisplay(i + lowest))
  return (row, target) => {
    for (let i = 0, at = row * columns; i < columns; i++, at++) target[i] = table[values[at]! - lowest]!
  }
}

/** All display values, row-major, 0 black .. 1 white. */
export function displayValues(film: StoredFilm): Float32Array {
  const { rows, columns } = film
  const display = new Float32Array(rows * columns)
  const read = displayRows(film)
  for (let row = 0; row < rows; row++) read(row, display.subarray(row * columns, (row + 1) * columns))
  return display
}

function displayFunction(film: StoredFilm): (stored: number) => number {
  const toModality = modalityFunction(film)
  const toRange = voiFunction(displayVoi(film))
  const { padding } = film
  const isInverted = film.photometric === 'MONOCHROME1'
  return stored => {
    if (padding && stored >= padding.low && stored <= padding.high) return 0
    const value = toRange(toModality(stored))
    return isInverted ? 1 - value : value
  }
}
