import type { ModalityTransform, VoiTransform } from '../../domain'
import { codeOf, decimalOf, decimalsOf, shortOf } from './attributes'
import type { DataSet } from './dicom-parser'
import { textOf } from './text'

type LookUpTable = Pick<Extract<VoiTransform, { kind: 'lut' }>, 'firstMapped' | 'bits' | 'values'>

/**
 * Modality LUT (PS3.3 C.11.1): the Modality LUT Sequence (0028,3000) where it is given and whole, else Rescale Slope
 * and Intercept (0028,1053/1052), else identity.
 */
export function modalityTransform(dataSet: DataSet, signed: boolean): ModalityTransform {
  const item = dataSet.elements['x00283000']?.items?.[0]?.dataSet
  const table = item && lookUpTable(item, signed)
  if (table) return { kind: 'lut', ...table, unit: codeOf(item, 'x00283004') }
  const slope = decimalOf(dataSet, 'x00281053')
  return {
    kind: 'rescale',
    slope: slope === null || slope === 0 ? 1 : slope,
    intercept: decimalOf(dataSet, 'x00281052') ?? 0,
    unit: codeOf(dataSet, 'x00281054')
  }
}

/**
 * VOI LUT (PS3.3 C.11.2): every table of the VOI LUT Sequence (0028,3010), then every window. Windows that the standard
 * does not allow (no number, width below 1, or 0 and less for the exact and sigmoid functions) are left out.
 * @param signed whether modality values can be negative, which decides how First Value Mapped is read
 */
export function voiTransforms(dataSet: DataSet, signed: boolean): VoiTransform[] {
  const tables = (dataSet.elements['x00283010']?.items ?? []).flatMap(({ dataSet: item }): VoiTransform[] => {
    const table = item && lookUpTable(item, signed)
    return table ? [{ kind: 'lut', ...table, explanation: textOf(item, 'x00283003', 'LO') }] : []
  })
  const named = codeOf(dataSet, 'x00281056')
  const shape = named === 'SIGMOID' || named === 'LINEAR_EXACT' ? named : 'LINEAR'
  const widths = decimalsOf(dataSet, 'x00281051')
  const explanations = textOf(dataSet, 'x00281055', 'LO')?.split('\\') ?? []
  const windows = decimalsOf(dataSet, 'x00281050').flatMap((center, i): VoiTransform[] => {
    const width = widths[i] ?? NaN
    const isAllowed = Number.isFinite(center) && (shape === 'LINEAR' ? width >= 1 : width > 0)
    if (!isAllowed || !Number.isFinite(width)) return []
    return [{ kind: 'window', center, width, function: shape, explanation: explanations[i]?.trim() || null }]
  })
  return [...tables, ...windows]
}

/** LUT Descriptor (0028,3002) and LUT Data (0028,3006) of one item; null where the data are shorter than described. */
function lookUpTable(item: DataSet, signed: boolean): LookUpTable | null {
  const descriptor = item.elements['x00283002']
  const data = item.elements['x00283006']
  if (!descriptor || descriptor.length < 6 || !data) return null
  const entries = item.uint16('x00283002', 0) || 65536
  const firstMapped = shortOf(item, 'x00283002', signed, 1) ?? 0
  const bits = item.uint16('x00283002', 2) ?? 0
  if (bits < 1 || bits > 16) return null
  const isPacked = bits <= 8 && data.length < entries * 2 && data.length >= entries
  if (!isPacked && data.length < entries * 2) return null
  const values = new Uint16Array(entries)
  for (let i = 0; i < entries; i++) {
    values[i] = isPacked ? item.byteArray[data.dataOffset + i]! : item.uint16('x00283006', i)!
  }
  return { firstMapped, bits, values }
}
