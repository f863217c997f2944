import { refuse } from '../refuse'
import { codeOf } from './attributes'
import type { ImagePixel } from './image-pixel'
import type { ParsedDicom } from './parse-data-set'
import { pixelCoding } from './transfer-syntax'

/** Modalities taken for radiographs; argued in docs/decisions/0003-what-counts-as-a-film.md. */
const RADIOGRAPHIC_MODALITIES = ['CR', 'DX', 'DR', 'RG', 'SC', 'OT']

/** SOP classes taken for radiographs where Modality is absent: CR, DX (presentation, processing), Secondary Capture. */
const RADIOGRAPHIC_SOP_CLASSES = [
  '1.2.840.10008.5.1.4.1.1.1',
  '1.2.840.10008.5.1.4.1.1.1.1',
  '1.2.840.10008.5.1.4.1.1.1.1.1',
  '1.2.840.10008.5.1.4.1.1.7'
]

const FLOAT_PIXELS = ['x7fe00008', 'x7fe00009']

/**
 * Refuses a data set without pixels that can be decoded.
 * @throws NeoGateError FILE_REFUSED 'no-pixels' | 'unsupported-pixels'
 */
export function requirePixels(parsed: ParsedDicom): void {
  const { dataSet, pixelData } = parsed
  if (pixelData) return
  if (FLOAT_PIXELS.some(tag => dataSet.elements[tag])) {
    const field = 'Float Pixel Data (7FE0,0008)'
    refuse(
      'unsupported-pixels',
      'The pixels are floating-point numbers, not a radiograph’s stored values.',
      field
    )
  }
  if (dataSet.elements['x00280010'] && dataSet.elements['x00280100']) {
    const field = 'Pixel Data (7FE0,0010)'
    refuse('no-pixels', `The image is described but the file ends before ${field}.`, field)
  }
  const what = codeOf(dataSet, 'x00080060')
  const kind =
    what && /^[A-Z]{2,16}$/.test(what)
      ? ` (Modality ${what})`
      : dataSet.elements['x00041220']
        ? ' (DICOMDIR)'
        : ''
  refuse('no-pixels', `The DICOM object${kind} holds no image.`, 'Pixel Data (7FE0,0010)')
}

/** @throws NeoGateError FILE_REFUSED 'not-a-radiograph' for images of other kinds (CT, MR, US ...) */
export function requireRadiograph(parsed: ParsedDicom): void {
  const modality = codeOf(parsed.dataSet, 'x00080060')
  const sopClass = codeOf(parsed.dataSet, 'x00080016')
  const isRadiograph =
    modality === null
      ? sopClass !== null && RADIOGRAPHIC_SOP_CLASSES.includes(sopClass)
      : RADIOGRAPHIC_MODALITIES.includes(modality.toUpperCase())
  if (isRadiograph) return
  const field = 'Modality (0008,0060)'
  const named =
    modality !== null && /^[A-Za-z]{2,16}$/.test(modality) ? `is ${modality}` : 'names no radiograph'
  refuse('not-a-radiograph', `${field} ${named}; taken in are ${RADIOGRAPHIC_MODALITIES.join(', ')}.`, field)
}

/** @throws NeoGateError FILE_REFUSED 'multi-frame' */
export function requireSingleFrame(pixel: ImagePixel): void {
  const field = 'Number of Frames (0028,0008)'
  if (pixel.frames > 1) refuse('multi-frame', `${field} is ${pixel.frames}; a film has one.`, field)
}

/** @throws NeoGateError FILE_REFUSED 'unsupported-transfer-syntax' */
export function requireDecodable(parsed: ParsedDicom): void {
  const field = 'Transfer Syntax UID (0002,0010)'
  const uid = /^[0-9.]{1,64}$/.test(parsed.transferSyntax) ? parsed.transferSyntax : 'not a UID'
  if (!pixelCoding(parsed.transferSyntax)) {
    refuse('unsupported-transfer-syntax', `${field} ${uid} is not decoded.`, field)
  }
}
