import { encodeJpegLossless } from './jpeg-lossless'

/** dcmjs is loaded by the first file written: most children only read. It prints values of files unless silenced. */
async function loadDcmjs() {
  const { default: library } = await import('dcmjs')
  library.log.setLevel('silent')
  return library.data
}

export const WRITTEN_TRANSFER_SYNTAXES = {
  'implicit-le': '1.2.840.10008.1.2',
  'explicit-le': '1.2.840.10008.1.2.1',
  /** Process 14, selection value 1. */
  'jpeg-lossless': '1.2.840.10008.1.2.4.70'
} as const
export type WrittenTransferSyntax = keyof typeof WRITTEN_TRANSFER_SYNTAXES

/** Computed Radiography Image Storage. */
const CR_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.1'
/** Names this writer in every file's meta information (PS3.7 D.3.3.2); derived from a UUID as PS3.5 B.2 allows. */
const IMPLEMENTATION_CLASS_UID = '2.25.185613275842990914873304816459211508323'
const IMPLEMENTATION_VERSION_NAME = 'NEOGATE_0'

export interface FilmToWrite {
  columns: number
  rows: number
  /** Row-major, 12 bits in 16. */
  values: Uint16Array
  photometric: 'MONOCHROME1' | 'MONOCHROME2'
  transferSyntax: WrittenTransferSyntax
  /** Detector spacing in millimetres (Imager Pixel Spacing), or null to leave it out. */
  mmPerPixel: number | null
  /** Windows offered, the default first; none leaves the attributes out. */
  windows: readonly { center: number; width: number; explanation: string }[]
  /** VOI LUT Sequence with one item of 4096 entries of 12 bits, or null. */
  voiLut: { explanation: string; values: Uint16Array } | null
  /**
   * Everything else, by dcmjs keyword: dates as DICOM writes them. Text is written as UTF-8 (ISO_IR 192).
   * SOPInstanceUID, StudyInstanceUID and SeriesInstanceUID must be there.
   */
  attributes: Readonly<Record<string, string | number | readonly (string | number)[]>> & {
    SOPInstanceUID: string
    StudyInstanceUID: string
    SeriesInstanceUID: string
  }
}

/** Tag (7FE0,0010) with its value, little-endian; it is the last of the data set and is written without dcmjs, which copies. */
function pixelDataElement(pixels: Uint8Array, syntax: WrittenTransferSyntax): Uint8Array[] {
  const padding = new Uint8Array(pixels.length % 2)
  const u16 = (value: number) => [value & 255, value >> 8]
  const u32 = (value: number) => [...u16(value & 0xffff), ...u16(value >>> 16)]
  const tag = [0xe0, 0x7f, 0x10, 0x00]
  const length = u32(pixels.length + padding.length)
  const ascii = (text: string) => [...text].map(letter => letter.charCodeAt(0))
  switch (syntax) {
    case 'implicit-le':
      return [Uint8Array.from([...tag, ...length]), pixels, padding]
    case 'explicit-le':
      return [Uint8Array.from([...tag, ...ascii('OW'), 0, 0, ...length]), pixels, padding]
    case 'jpeg-lossless': {
      const item = [0xfe, 0xff, 0x00, 0xe0]
      const end = [0xfe, 0xff, 0xdd, 0xe0]
      return [
        Uint8Array.from([
          ...tag,
          ...ascii('OB'),
          0,
          0,
          ...u32(0xffffffff),
          ...item,
          ...u32(0),
          ...item,
          ...length
        ]),
        pixels,
        padding,
        Uint8Array.from([...end, ...u32(0)])
      ]
    }
  }
}

/**
 * A complete DICOM Part 10 file holding one 12-bit CR image, without private attributes.
 * The same film gives the same bytes.
 */
export async function writeDicomFilm(film: FilmToWrite): Promise<Uint8Array> {
  const { columns, rows, values } = film
  if (values.length !== columns * rows) {
    throw new RangeError(`${columns} x ${rows} pixels announced, ${values.length} given`)
  }
  const native = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  const pixels =
    film.transferSyntax === 'jpeg-lossless' ? await encodeJpegLossless(native, columns, rows) : native
  const dataset: Record<string, unknown> = {
    ...film.attributes,
    SpecificCharacterSet: 'ISO_IR 192',
    SOPClassUID: CR_IMAGE_STORAGE,
    SamplesPerPixel: 1,
    PhotometricInterpretation: film.photometric,
    Rows: rows,
    Columns: columns,
    BitsAllocated: 16,
    BitsStored: 12,
    HighBit: 11,
    PixelRepresentation: 0
  }
  if (film.mmPerPixel !== null) dataset['ImagerPixelSpacing'] = [film.mmPerPixel, film.mmPerPixel]
  if (film.windows.length > 0) {
    dataset['WindowCenter'] = film.windows.map(window => window.center)
    dataset['WindowWidth'] = film.windows.map(window => window.width)
    dataset['WindowCenterWidthExplanation'] = film.windows.map(window => window.explanation)
  }
  if (film.voiLut) {
    const { values: lut, explanation } = film.voiLut
    dataset['VOILUTSequence'] = [
      {
        _vrMap: { LUTDescriptor: 'US', LUTData: 'OW' },
        LUTDescriptor: [lut.length, 0, 12],
        LUTExplanation: explanation,
        LUTData: [lut.slice().buffer]
      }
    ]
  }
  const { DicomDict, DicomMetaDictionary } = await loadDcmjs()
  const file = new DicomDict(
    DicomMetaDictionary.denaturalizeDataset({
      FileMetaInformationVersion: new Uint8Array([0, 1]).buffer,
      MediaStorageSOPClassUID: CR_IMAGE_STORAGE,
      MediaStorageSOPInstanceUID: film.attributes.SOPInstanceUID,
      TransferSyntaxUID: WRITTEN_TRANSFER_SYNTAXES[film.transferSyntax],
      ImplementationClassUID: IMPLEMENTATION_CLASS_UID,
      ImplementationVersionName: IMPLEMENTATION_VERSION_NAME
    })
  )
  file.dict = DicomMetaDictionary.denaturalizeDataset(dataset)
  return Buffer.concat([new Uint8Array(file.write()), ...pixelDataElement(pixels, film.transferSyntax)])
}
