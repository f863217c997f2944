import type { StoredFilm } from '../domain'

/**
 * PS3.3 C.11.1: what a stored value becomes. Values outside a Modality LUT take its first or last entry.
 */
export function modalityFunction({ modality }: StoredFilm): (stored: number) => number {
  if (modality.kind === 'rescale') {
    const { slope, intercept } = modality
    return stored => stored * slope + intercept
  }
  const { values, firstMapped } = modality
  const last = values.length - 1
  return stored => values[Math.min(last, Math.max(0, stored - firstMapped))]!
}

/** All modality values, row-major. */
export function modalityValues(film: StoredFilm): Float64Array {
  return Float64Array.from(film.values, modalityFunction(film))
}
