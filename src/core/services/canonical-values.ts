import type { StoredFilm } from '../domain'

/** A film's values as uint16, of which v stands for the modality value v * slope + intercept. */
export interface CanonicalValues {
  values: Uint16Array
  slope: number
  intercept: number
  /** Added to v it is the file's own stored value; null where that cannot be told from v. */
  storedOffset: number | null
  /** True where more than 65,536 different values had to be rounded. */
  quantised: boolean
}

/**
 * Brings every depth and sign to uint16. Signed values are moved up by half their range; a Modality LUT is applied;
 * values of more than 16 bits are moved down to 0, and spread over 65,536 levels only where they do not fit.
 */
export function canonicalValues(film: StoredFilm): CanonicalValues {
  const { values: stored, modality } = film
  if (modality.kind === 'lut') {
    const last = modality.values.length - 1
    const values = Uint16Array.from(
      stored,
      value => modality.values[Math.min(last, Math.max(0, value - modality.firstMapped))]!
    )
    return { values, slope: 1, intercept: 0, storedOffset: null, quantised: false }
  }
  const { slope, intercept } = modality
  if (stored instanceof Uint16Array) {
    return { values: stored, slope, intercept, storedOffset: 0, quantised: false }
  }
  if (stored instanceof Uint8Array) {
    return { values: Uint16Array.from(stored), slope, intercept, storedOffset: 0, quantised: false }
  }
  if (stored instanceof Int16Array || stored instanceof Int8Array) {
    const lowest = stored instanceof Int16Array ? -32768 : -128
    const values = Uint16Array.from(stored, value => value - lowest)
    const shifted = intercept + slope * lowest
    return { values, slope, intercept: shifted, storedOffset: lowest, quantised: false }
  }
  let lowest = Infinity
  let highest = -Infinity
  for (const value of stored) {
    if (value < lowest) lowest = value
    if (value > highest) highest = value
  }
  const level = Math.max(1, (highest - lowest) / 65535)
  return {
    values: Uint16Array.from(stored, value => Math.round((value - lowest) / level)),
    slope: slope * level,
    intercept: intercept + slope * lowest,
    storedOffset: level === 1 ? lowest : null,
    quantised: level > 1
  }
}
