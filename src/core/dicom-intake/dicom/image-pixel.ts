import { MAX_PIXELS } from '../limits'
import { refuse } from '../refuse'
import { codeOf, decimalOf, uint16Of } from './attributes'
import type { DataSet } from './dicom-parser'

/** The Image Pixel Module (PS3.3 C.7.6.3), checked. */
export interface ImagePixel {
  rows: number
  columns: number
  frames: number
  samplesPerPixel: 1 | 3
  photometric: string
  /** True where each colour plane stands by itself. */
  planar: boolean
  bitsAllocated: 8 | 16 | 32
  bitsStored: number
  highBit: number
  signed: boolean
}

const GREY = ['MONOCHROME1', 'MONOCHROME2', 'PALETTE COLOR']
const COLOUR = ['RGB', 'YBR_FULL', 'YBR_FULL_422', 'YBR_PARTIAL_422', 'YBR_RCT', 'YBR_ICT']

/**
 * @throws NeoGateError FILE_REFUSED 'damaged' where a value is missing or contradicts another, 'too-large' above
 *   MAX_PIXELS, 'unsupported-pixels' where the pixels are well described but of a kind that is not decoded
 */
export function imagePixel(dataSet: DataSet): ImagePixel {
  const required = (tag: string, name: string) => {
    const value = uint16Of(dataSet, tag)
    return value === null || value === 0 ? refuse('damaged', `${name} is missing or 0.`, name) : value
  }
  const rows = required('x00280010', 'Rows (0028,0010)')
  const columns = required('x00280011', 'Columns (0028,0011)')
  if (rows * columns > MAX_PIXELS) {
    refuse(
      'too-large',
      `Rows x Columns is ${rows} x ${columns}; at most ${MAX_PIXELS} pixels are read.`,
      'Rows (0028,0010)'
    )
  }
  const bitsAllocated = required('x00280100', 'Bits Allocated (0028,0100)')
  if (bitsAllocated !== 8 && bitsAllocated !== 16 && bitsAllocated !== 32) {
    const field = 'Bits Allocated (0028,0100)'
    return refuse('unsupported-pixels', `${field} is ${bitsAllocated}; 8, 16 and 32 are read.`, field)
  }
  const bitsStored = uint16Of(dataSet, 'x00280101') ?? bitsAllocated
  const highBit = uint16Of(dataSet, 'x00280102') ?? bitsStored - 1
  if (bitsStored < 1 || bitsStored > bitsAllocated || highBit >= bitsAllocated || highBit < bitsStored - 1) {
    const field = 'Bits Stored (0028,0101)'
    return refuse(
      'damaged',
      `${field} ${bitsStored} and High Bit (0028,0102) ${highBit} do not fit Bits Allocated ${bitsAllocated}.`,
      field
    )
  }
  const samplesPerPixel = uint16Of(dataSet, 'x00280002') ?? 1
  const photometric = codeOf(dataSet, 'x00280004') ?? (samplesPerPixel === 3 ? 'RGB' : 'MONOCHROME2')
  const known = samplesPerPixel === 1 ? GREY : samplesPerPixel === 3 ? COLOUR : []
  if (!known.includes(photometric) || (samplesPerPixel !== 1 && samplesPerPixel !== 3)) {
    const field = 'Photometric Interpretation (0028,0004)'
    const name = /^[A-Z0-9_ ]{1,16}$/.test(photometric) ? photometric : 'unknown'
    return refuse(
      'unsupported-pixels',
      `${field} ${name} with ${samplesPerPixel} samples is not read.`,
      field
    )
  }
  return {
    rows,
    columns,
    frames: Math.max(1, Math.trunc(decimalOf(dataSet, 'x00280008') ?? 1)),
    samplesPerPixel,
    photometric,
    planar: uint16Of(dataSet, 'x00280006') === 1,
    bitsAllocated,
    bitsStored,
    highBit,
    signed: uint16Of(dataSet, 'x00280103') === 1
  }
}

/** Bytes of one uncompressed frame; YBR_FULL_422 and YBR_PARTIAL_422 store two samples per pixel. */
export function nativeFrameBytes(pixel: ImagePixel): number {
  const samples =
    pixel.samplesPerPixel === 3 && pixel.photometric.endsWith('_422') ? 2 : pixel.samplesPerPixel
  return (pixel.rows * pixel.columns * samples * pixel.bitsAllocated) / 8
}
