import { refuse } from '../refuse'
import { shortOf } from '../dicom/attributes'
import type { DataSet } from '../dicom/dicom-parser'
import type { StoredValues } from '../../domain'
import { luminance } from './luminance'

/**
 * Applies the Red, Green and Blue Palette Color Lookup Tables (PS3.3 C.7.6.3.1.5 and .6) and reduces to luminance.
 * @returns 8- or 16-bit values, as deep as the tables
 * @throws NeoGateError FILE_REFUSED 'damaged' without whole tables, 'unsupported-pixels' for segmented ones
 */
export function paletteLuminance(
  dataSet: DataSet,
  indices: StoredValues,
  signed: boolean
): { values: Uint8Array | Uint16Array; bits: 8 | 16 } {
  const field = 'Red Palette Color Lookup Table Data (0028,1201)'
  if (dataSet.elements['x00281221']) {
    refuse('unsupported-pixels', 'Segmented palette tables are not read.', field)
  }
  const bits = (dataSet.uint16('x00281101', 2) ?? 0) <= 8 ? 8 : 16
  const tables = ['1', '2', '3'].map(n => colourTable(dataSet, `x0028110${n}`, `x0028120${n}`, bits))
  const firstMapped = shortOf(dataSet, 'x00281101', signed, 1) ?? 0
  const entries = tables[0]!.length
  const colours = bits === 8 ? new Uint8Array(3 * entries) : new Uint16Array(3 * entries)
  tables.forEach((table, channel) => colours.set(table, channel * entries))
  const grey = luminance(colours, entries, 'rgb', 'planar') as Uint8Array | Uint16Array
  const values = bits === 8 ? new Uint8Array(indices.length) : new Uint16Array(indices.length)
  for (let i = 0; i < values.length; i++) {
    values[i] = grey[Math.min(entries - 1, Math.max(0, indices[i]! - firstMapped))]!
  }
  return { values, bits }
}

function colourTable(dataSet: DataSet, descriptor: string, data: string, bits: 8 | 16): Uint16Array {
  const element = dataSet.elements[data]
  const entries = dataSet.elements[descriptor] ? dataSet.uint16(descriptor, 0) || 65536 : 0
  const isPacked = bits === 8 && element !== undefined && element.length < 2 * entries
  if (!element || entries === 0 || element.length < (isPacked ? entries : 2 * entries)) {
    return refuse('damaged', 'A palette colour table is missing or too short.', `(0028,${data.slice(5)})`)
  }
  return Uint16Array.from({ length: entries }, (_, i) =>
    isPacked ? dataSet.byteArray[element.dataOffset + i]! : dataSet.uint16(data, i)!
  )
}
