import { parseGestationalAge } from '../../format'

/** What a reader typed into a field: nothing, a number in the field's unit, or something that is not one. */
export type FieldInput = { kind: 'empty' } | { kind: 'value'; value: number } | { kind: 'unreadable' }

const EMPTY: FieldInput = { kind: 'empty' }
const UNREADABLE: FieldInput = { kind: 'unreadable' }

/** GA in days from '29+3', '29w3d', '29주 3일', '29.43' (decimal weeks) or '206d'; a bare three-digit number is days. */
export function readGestationalAge(text: string): FieldInput {
  const written = text.trim()
  if (written === '') return EMPTY
  const days = /^(\d{1,3})\s*(?:d|days?|일)$/i.exec(written)
  const value = days ? Number(days[1]) : parseGestationalAge(written)
  return value === null ? UNREADABLE : { kind: 'value', value }
}

/**
 * BW in grams from '1250', '1,250 g', '1.25 kg'. A bare number is grams, however small: that it may have been meant as
 * kilograms is for the plausibility check to say, and for the reader to accept.
 */
export function readBirthWeight(text: string): FieldInput {
  const written = text.trim().toLowerCase()
  if (written === '') return EMPTY
  const parts = /^(\d+|\d{1,3}(?:,\d{3})+|\d+[.,]\d+)\s*(g|kg|그램|킬로그램)?$/.exec(written)
  if (!parts) return UNREADABLE
  const digits = /^\d{1,3}(,\d{3})+$/.test(parts[1]!)
    ? parts[1]!.replaceAll(',', '')
    : parts[1]!.replace(',', '.')
  const kilograms = parts[2] === 'kg' || parts[2] === '킬로그램'
  const grams = Number(digits) * (kilograms ? 1000 : 1)
  return { kind: 'value', value: Math.round(grams * 1000) / 1000 }
}

/** The number of a field that can be read, or null where it is empty. */
export function valueOf(input: FieldInput): number | null {
  return input.kind === 'value' ? input.value : null
}
