import type { DataSet } from './dicom-parser'

/** A coded or identifying string (CS, UI, IS ...): padding removed, null where absent or empty. */
export function codeOf(dataSet: DataSet, tag: string, index?: number): string | null {
  return dataSet.string(tag, index)?.replace(/\0+$/, '').trim() || null
}

/** An unsigned 16-bit value, null where absent or too short to be one. */
export function uint16Of(dataSet: DataSet, tag: string): number | null {
  const element = dataSet.elements[tag]
  return element && element.length >= 2 ? (dataSet.uint16(tag) ?? null) : null
}

/** A value of VR 'US or SS': which of the two, the film's Pixel Representation decides. */
export function shortOf(dataSet: DataSet, tag: string, signed: boolean, index = 0): number | null {
  const element = dataSet.elements[tag]
  if (!element || element.length < 2 * (index + 1)) return null
  return (signed ? dataSet.int16(tag, index) : dataSet.uint16(tag, index)) ?? null
}

/** Decimal strings (DS, IS) of one attribute; parts that are no finite number come as NaN, an absent attribute as []. */
export function decimalsOf(dataSet: DataSet, tag: string): number[] {
  const text = dataSet.string(tag)
  if (!text) return []
  return text.split('\\').map(part => (part.trim() === '' ? NaN : Number(part.replace(/\0/g, '').trim())))
}

/** The first decimal of an attribute, null where absent or no finite number. */
export function decimalOf(dataSet: DataSet, tag: string): number | null {
  const first = decimalsOf(dataSet, tag)[0]
  return first !== undefined && Number.isFinite(first) ? first : null
}
