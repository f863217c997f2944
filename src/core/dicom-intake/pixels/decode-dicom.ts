import type { StoredFilm } from '../../domain'
import { shortOf } from '../dicom/attributes'
import type { ImagePixel } from '../dicom/image-pixel'
import { parseDataSet } from '../dicom/parse-data-set'
import { imagePixel } from '../dicom/image-pixel'
import { requireDecodable, requirePixels, requireRadiograph, requireSingleFrame } from '../dicom/acceptance'
import { firstFrameSpans } from '../dicom/pixel-data'
import { pixelSpacing } from '../dicom/spacing'
import { isLossy, pixelCoding } from '../dicom/transfer-syntax'
import { modalityTransform, voiTransforms } from '../dicom/transforms'
import type { DataSet } from '../dicom/dicom-parser'
import { refuse } from '../refuse'
import { readJpeg2000Header, readJpegHeader, requireEndOfCodestream, type Codestream } from './codestream'
import { luminance, type ColourLayout } from './luminance'
import { decodeFrame } from './native-codecs'
import { paletteLuminance } from './palette'
import { decodeRle } from './rle'
import { clampToStored, samplesFrom, storedValues, type RawSamples } from './samples'

/** Samples of one frame and how to read them. */
interface Frame {
  samples: RawSamples
  layout: ColourLayout
  /** null for native and RLE pixels. */
  codestream: Codestream | null
  isLossy: boolean
}

/**
 * Decodes the first frame of a DICOM file.
 * @param bytes the whole file
 * @param anyImage also images of other kinds than radiographs, and the first of several frames
 * @throws NeoGateError FILE_REFUSED
 */
export async function decodeDicom(bytes: Uint8Array, anyImage: boolean): Promise<StoredFilm> {
  const parsed = parseDataSet(bytes, bytes.length)
  const { dataSet, content, transferSyntax, bigEndian } = parsed
  requirePixels(parsed)
  if (!anyImage) requireRadiograph(parsed)
  const pixel = imagePixel(dataSet)
  if (!anyImage) requireSingleFrame(pixel)
  requireDecodable(parsed)
  const spans = await firstFrameSpans(parsed, pixel, async (start, end) => content.subarray(start, end))
  const encoded = join(spans.map(span => content.subarray(span.start, span.end)))
  const frame = await decodePixels(encoded, pixel, transferSyntax, bigEndian)
  return pixel.samplesPerPixel === 3 ? colourFilm(dataSet, pixel, frame) : greyFilm(dataSet, pixel, frame)
}

async function decodePixels(
  encoded: Uint8Array,
  pixel: ImagePixel,
  transferSyntax: string,
  bigEndian: boolean
): Promise<Frame> {
  const { rows, columns, samplesPerPixel } = pixel
  const coding = pixelCoding(transferSyntax)!
  const bytesPerSample = pixel.bitsAllocated / 8
  if (coding === 'native') {
    const isSubsampled = samplesPerPixel === 3 && pixel.photometric.endsWith('_422')
    const layout = isSubsampled ? 'subsampled-422' : pixel.planar ? 'planar' : 'interleaved'
    return {
      samples: samplesFrom(encoded, bytesPerSample, bigEndian),
      layout,
      codestream: null,
      isLossy: false
    }
  }
  if (coding === 'rle') {
    const decoded = decodeRle(encoded, rows * columns, samplesPerPixel, bytesPerSample)
    return {
      samples: samplesFrom(decoded, bytesPerSample, false),
      layout: 'interleaved',
      codestream: null,
      isLossy: false
    }
  }
  const isJpeg2000 = coding === 'jpeg-2000' || coding === 'htj2k'
  const codestream = isJpeg2000 ? readJpeg2000Header(encoded) : readJpegHeader(encoded)
  requireMatch(codestream, pixel, isJpeg2000)
  if (coding === 'htj2k') requireEndOfCodestream(encoded)
  const decoder = (
    {
      jpeg: 'decodeJpeg',
      'jpeg-ls': 'decodeJpegLs',
      'jpeg-2000': 'decodeJpeg2000',
      htj2k: 'decodeHtJpeg2000'
    } as const
  )[coding]
  const decoded = await decodeFrame(decoder, encoded, codestream)
  return {
    samples: samplesFrom(decoded.bytes, decoded.bytesPerSample, false),
    layout: codestream.planar ? 'planar' : 'interleaved',
    codestream,
    isLossy: isLossy(transferSyntax)
  }
}

/** A frame that disagrees with its header is refused before it is decoded: its size would be taken from the header. */
function requireMatch(codestream: Codestream, pixel: ImagePixel, isJpeg2000: boolean): void {
  const { rows, columns, components, precision } = codestream
  if (rows !== pixel.rows || columns !== pixel.columns || components !== pixel.samplesPerPixel) {
    refuse(
      'damaged',
      `The compressed frame is ${rows} x ${columns} x ${components}, the header says ` +
        `${pixel.rows} x ${pixel.columns} x ${pixel.samplesPerPixel}.`,
      'Rows (0028,0010)'
    )
  }
  if (precision > 16 || (components === 3 && isJpeg2000 && precision > 8)) {
    refuse('unsupported-pixels', `Compressed frames of ${components} x ${precision} bits are not decoded.`)
  }
}

function greyFilm(dataSet: DataSet, pixel: ImagePixel, frame: Frame): StoredFilm {
  const { rows, columns, signed } = pixel
  const values = greyValues(pixel, frame)
  const spacing = pixelSpacing(dataSet)
  if (pixel.photometric === 'PALETTE COLOR') {
    const { values: grey, bits } = paletteLuminance(dataSet, values, signed)
    return displayReadyFilm(rows, columns, grey, bits, spacing)
  }
  const modality = modalityTransform(dataSet, signed)
  const modalitySigned = modality.kind === 'rescale' && (signed || modality.intercept < 0)
  return {
    rows,
    columns,
    values,
    bitsStored: pixel.bitsStored,
    signed,
    photometric: pixel.photometric === 'MONOCHROME1' ? 'MONOCHROME1' : 'MONOCHROME2',
    colour: false,
    modality,
    voi: voiTransforms(dataSet, modalitySigned),
    spacing,
    padding: padding(dataSet, signed)
  }
}

/** Lossless coding keeps every bit, so that overlays are cut off; lossy values are clamped to the stored range. */
function greyValues(pixel: ImagePixel, { samples, codestream, isLossy }: Frame): StoredFilm['values'] {
  const { bitsStored, highBit, signed } = pixel
  if (!codestream) return storedValues(samples, bitsStored, highBit, signed)
  const { precision } = codestream
  if (isLossy && precision > bitsStored && highBit === bitsStored - 1) {
    const values = storedValues(samples, precision, precision - 1, signed)
    clampToStored(values, bitsStored, signed)
    return values
  }
  return precision > highBit
    ? storedValues(samples, bitsStored, highBit, signed)
    : storedValues(samples, Math.min(bitsStored, precision), Math.min(bitsStored, precision) - 1, signed)
}

function colourFilm(dataSet: DataSet, pixel: ImagePixel, frame: Frame): StoredFilm {
  const { rows, columns, bitsStored } = pixel
  if (pixel.bitsAllocated === 32 || pixel.signed) {
    refuse(
      'unsupported-pixels',
      'Colour samples of 32 bits or with a sign are not read.',
      'Bits Allocated (0028,0100)'
    )
  }
  const precision = frame.codestream?.precision ?? bitsStored
  const grey = luminance(frame.samples, rows * columns, colourSpace(pixel, frame), frame.layout)
  const bits = Math.max(precision, bitsStored) <= 8 ? 8 : bitsStored
  return displayReadyFilm(rows, columns, grey, bits, pixelSpacing(dataSet))
}

/** The JPEG stream's own markers win over Photometric Interpretation; JPEG 2000 undoes its own RCT or ICT. */
function colourSpace(pixel: ImagePixel, frame: Frame): 'rgb' | 'ybr-full' | 'ybr-partial' {
  const told = frame.codestream?.colourSpace
  if (told) return told === 'ycc' ? 'ybr-full' : 'rgb'
  if (pixel.photometric.startsWith('YBR_FULL')) return 'ybr-full'
  return pixel.photometric.startsWith('YBR_PARTIAL') ? 'ybr-partial' : 'rgb'
}

/** A film whose values are display values already: colour reduced to luminance. */
function displayReadyFilm(
  rows: number,
  columns: number,
  values: StoredFilm['values'],
  bitsStored: number,
  spacing: StoredFilm['spacing']
): StoredFilm {
  return {
    rows,
    columns,
    values,
    bitsStored,
    signed: false,
    photometric: 'MONOCHROME2',
    colour: true,
    modality: { kind: 'rescale', slope: 1, intercept: 0, unit: null },
    voi: [],
    spacing,
    padding: null
  }
}

/** Pixel Padding Value (0028,0120) and Pixel Padding Range Limit (0028,0121), PS3.3 C.7.5.1.1.2. */
function padding(dataSet: DataSet, signed: boolean): StoredFilm['padding'] {
  const value = shortOf(dataSet, 'x00280120', signed)
  if (value === null) return null
  const limit = shortOf(dataSet, 'x00280121', signed) ?? value
  return { low: Math.min(value, limit), high: Math.max(value, limit) }
}

function join(parts: Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}
