import sharp from 'sharp'
import type { FilmHeader, StoredFilm } from '../../domain'
import { toError } from '../../foundation'
import { MAX_PIXELS } from '../limits'
import { luminance } from '../pixels/luminance'
import { refuse } from '../refuse'
import { densitySpacing } from './density'

type RasterFormat = 'png' | 'jpeg' | 'tiff'

/** Opened so that no colour profile is applied and a damaged stream is an error. */
function open(bytes: Uint8Array) {
  return sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'warning', ignoreIcc: true })
}

/**
 * What a PNG, JPEG or TIFF says of itself; rows and columns after the EXIF orientation.
 * @throws NeoGateError FILE_REFUSED
 */
export async function rasterHeader(bytes: Uint8Array, format: RasterFormat): Promise<FilmHeader> {
  const metadata = await open(bytes).metadata().catch(refuseLibraryError)
  const { width, height, channels, depth, space, hasAlpha, pages = 1, orientation = 1 } = metadata
  if (width * height > MAX_PIXELS) {
    refuse(
      'too-large',
      `The image is ${height} x ${width}; at most ${MAX_PIXELS} pixels are read.`,
      'image size'
    )
  }
  if (depth !== 'uchar' && depth !== 'ushort') {
    refuse('unsupported-pixels', `Samples of type ${depth} are not read; 8 and 16 bits are.`, 'bit depth')
  }
  const colours = channels - (hasAlpha ? 1 : 0)
  if ((colours !== 1 && colours !== 3) || space === 'cmyk' || space === 'lab') {
    refuse(
      'unsupported-pixels',
      `The colour space ${space} with ${channels} channels is not read.`,
      'colour space'
    )
  }
  const isTurned = orientation >= 5
  const spacing = densitySpacing(bytes, format)
  return {
    format,
    rows: isTurned ? width : height,
    columns: isTurned ? height : width,
    frames: pages,
    bitsStored: depth === 'ushort' ? 16 : 8,
    samplesPerPixel: colours,
    photometric: colours === 3 ? 'RGB' : 'MONOCHROME2',
    transferSyntax: null,
    sopClassUid: null,
    sopInstanceUid: null,
    studyInstanceUid: null,
    seriesInstanceUid: null,
    modality: null,
    patientId: null,
    patientName: null,
    sex: null,
    institution: null,
    acquiredAt: null,
    birthAt: null,
    viewPosition: null,
    bodyPart: null,
    windows: [],
    spacing: spacing && isTurned ? { ...spacing, rowMm: spacing.columnMm, columnMm: spacing.rowMm } : spacing,
    burnedInAnnotation: null
  }
}

/** @throws NeoGateError FILE_REFUSED 'multi-frame' for a file of several pages */
export function requireSinglePage(header: FilmHeader): void {
  if (header.frames > 1) {
    refuse('multi-frame', `The file has ${header.frames} pages; a film has one.`, 'pages')
  }
}

/**
 * Decodes a PNG, JPEG or TIFF (its first page): turned upright by its EXIF orientation, laid over black where it is
 * transparent, colour reduced to luminance.
 * @throws NeoGateError FILE_REFUSED
 */
export async function decodeRaster(bytes: Uint8Array, format: RasterFormat): Promise<StoredFilm> {
  const header = await rasterHeader(bytes, format)
  const isDeep = header.bitsStored === 16
  const space = header.samplesPerPixel === 3 ? (isDeep ? 'rgb16' : 'srgb') : isDeep ? 'grey16' : 'b-w'
  const { data, info } = await open(bytes)
    .autoOrient()
    .toColourspace(space)
    .raw({ depth: isDeep ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch(refuseLibraryError)
  const samples = isDeep
    ? new Uint16Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength))
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  const pixels = info.width * info.height
  const opaque = flatten(samples, pixels, info.channels, isDeep ? 65535 : 255)
  const values = opaque.length === pixels ? opaque : luminance(opaque, pixels, 'rgb', 'interleaved')
  return {
    rows: info.height,
    columns: info.width,
    values,
    bitsStored: header.bitsStored,
    signed: false,
    photometric: 'MONOCHROME2',
    colour: header.samplesPerPixel === 3,
    modality: { kind: 'rescale', slope: 1, intercept: 0, unit: null },
    voi: [],
    spacing: header.spacing,
    padding: null
  }
}

/** Lays 2- or 4-channel samples (the last is opacity) over black; 1 and 3 channels come back as they are. */
function flatten(
  samples: Uint8Array | Uint16Array,
  pixels: number,
  channels: number,
  opaque: number
): Uint8Array | Uint16Array {
  if (channels === 1 || channels === 3) return samples
  const colours = channels - 1
  const flat =
    samples instanceof Uint8Array ? new Uint8Array(pixels * colours) : new Uint16Array(pixels * colours)
  for (let i = 0; i < pixels; i++) {
    const alpha = samples[i * channels + colours]! / opaque
    for (let c = 0; c < colours; c++) flat[i * colours + c] = Math.round(samples[i * channels + c]! * alpha)
  }
  return flat
}

function refuseLibraryError(thrown: unknown): never {
  const message = toError(thrown).message
  if (/exceeds pixel limit/i.test(message)) {
    refuse('too-large', `The image has more than ${MAX_PIXELS} pixels.`, 'image size')
  }
  if (/truncat|premature|not enough data|unexpected end|end of stream|not terminated/i.test(message)) {
    refuse('truncated', 'The image ends before its last pixel.')
  }
  return refuse('damaged', 'The image cannot be decoded; its content breaks the rules of its format.')
}
