import { inflateRawSync } from 'node:zlib'
import { toError } from '../../foundation'
import { MAX_FILE_BYTES, MAX_INFLATED_BYTES } from '../limits'
import { refuse } from '../refuse'
import {
  ByteStream,
  DataSetClass,
  bigEndianByteArrayParser,
  littleEndianByteArrayParser,
  readDicomElementExplicit,
  readDicomElementImplicit,
  type DataSet,
  type Element
} from './dicom-parser'
import {
  DEFLATED_LITTLE_ENDIAN,
  EXPLICIT_BIG_ENDIAN,
  EXPLICIT_LITTLE_ENDIAN,
  IMPLICIT_LITTLE_ENDIAN
} from './transfer-syntax'

const PIXEL_DATA = 'x7fe00010'

export interface ParsedDicom {
  /** Elements up to and including Pixel Data, File Meta Information included; positions count in `content`. */
  dataSet: DataSet
  transferSyntax: string
  bigEndian: boolean
  /** Pixel Data (7FE0,0010): declared length (0xFFFFFFFF if undefined) and position; its content is not parsed. */
  pixelData: Element | null
  /** The bytes that were parsed: the file's, or the inflated data set. */
  content: Uint8Array
  /** Size of what `content` is the whole or the beginning of. */
  contentSize: number
}

/** Thrown where the bytes given are only the beginning of a file and its header goes on behind them. */
export class HeaderGoesOn extends Error {}

/**
 * Parses a DICOM file (PS3.10), or a bare data set without preamble or File Meta Information, up to Pixel Data.
 * @param bytes the whole file, or its beginning
 * @param fileSize size of the whole file
 * @throws HeaderGoesOn where more of the file is needed; NeoGateError FILE_REFUSED 'truncated' | 'damaged' |
 *   'inflates-too-far'
 */
export function parseDataSet(bytes: Uint8Array, fileSize: number): ParsedDicom {
  const meta = readMetaInformation(bytes, fileSize)
  const transferSyntax = meta.transferSyntax ?? guessTransferSyntax(bytes, meta.end)
  let content = bytes
  let contentSize = fileSize
  let start = meta.end
  if (transferSyntax === DEFLATED_LITTLE_ENDIAN) {
    if (bytes.length < fileSize) throw new HeaderGoesOn()
    content = inflate(bytes.subarray(meta.end))
    contentSize = content.length
    start = 0
  }
  if (start >= contentSize) refuse('truncated', 'The file ends after its File Meta Information.')

  const bigEndian = transferSyntax === EXPLICIT_BIG_ENDIAN
  const parser = bigEndian ? bigEndianByteArrayParser : littleEndianByteArrayParser
  const dataSet = new DataSetClass(parser, content, {})
  const stream = new ByteStream(parser, content, start)
  const isExplicit = hasExplicitVr(content, start, transferSyntax !== IMPLICIT_LITTLE_ENDIAN)
  readElements(dataSet, stream, contentSize, isExplicit)
  for (const [tag, element] of Object.entries(meta.elements)) dataSet.elements[tag] = element
  const pixelData = dataSet.elements[PIXEL_DATA] ?? null
  return { dataSet, transferSyntax, bigEndian, pixelData, content, contentSize }
}

/** Reads elements up to Pixel Data or the end. */
function readElements(dataSet: DataSet, stream: ByteStream, contentSize: number, isExplicit: boolean): void {
  const content = dataSet.byteArray
  while (stream.position < content.length) {
    const start = stream.position
    const element = withinBounds(stream, () =>
      isExplicit
        ? (readLongValue(stream) ?? readDicomElementExplicit(stream, stream.warnings, PIXEL_DATA))
        : readDicomElementImplicit(stream, PIXEL_DATA)
    )
    if (!element) {
      if (content.length < contentSize) throw new HeaderGoesOn()
      return explainElement(dataSet, start, isExplicit)
    }
    dataSet.elements[element.tag] = element
    if (element.tag === PIXEL_DATA) return
  }
  if (content.length < contentSize) throw new HeaderGoesOn()
}

/** The element that `read` gives; null where it fails or, as dicom-parser allows, goes past the end of the bytes. */
function withinBounds(stream: ByteStream, read: () => Element): Element | null {
  try {
    const element = read()
    return stream.position <= stream.byteArray.length ? element : null
  } catch {
    return null
  }
}

const [LETTER_O, LETTER_S, LETTER_U, LETTER_V] = [0x4f, 0x53, 0x55, 0x56]

/**
 * An element of VR OV, SV or UV (e.g. the Extended Offset Table before encapsulated Pixel Data), which dicom-parser 1.8
 * reads with a 16-bit length, losing its place. Returns null, having read nothing, for any other VR.
 */
function readLongValue(stream: ByteStream): Element | null {
  const start = stream.position
  const [first, second] = [stream.byteArray[start + 4], stream.byteArray[start + 5]]
  if (second !== LETTER_V || (first !== LETTER_O && first !== LETTER_S && first !== LETTER_U)) return null
  const vr = String.fromCharCode(first, second)
  const group = stream.readUint16().toString(16).padStart(4, '0')
  const number = stream.readUint16().toString(16).padStart(4, '0')
  stream.seek(4)
  const length = stream.readUint32()
  const dataOffset = stream.position
  stream.seek(length)
  return { tag: `x${group}${number}`, vr, length, dataOffset }
}

/** Names the element that could not be read and what is wrong with it. */
function explainElement(dataSet: DataSet, start: number, isExplicit: boolean): never {
  const { byteArray, byteArrayParser } = dataSet
  const left = byteArray.length - start
  if (left < 8) refuse('truncated', `The file ends inside the element that begins at byte ${start}.`)
  const hex = (at: number) =>
    byteArrayParser.readUint16(byteArray, at).toString(16).toUpperCase().padStart(4, '0')
  const tag = `(${hex(start)},${hex(start + 2)})`
  const vr = String.fromCharCode(byteArray[start + 4]!, byteArray[start + 5]!)
  const isLong = !isExplicit || /^(O[BDFLVW]|SQ|U[CNRTV]|SV)$/.test(vr)
  const lengthAt = start + (isExplicit && isLong ? 8 : isExplicit ? 6 : 4)
  if (lengthAt + 4 > byteArray.length) {
    refuse('truncated', `The file ends inside element ${tag} at byte ${start}.`, tag)
  }
  const length = isLong
    ? byteArrayParser.readUint32(byteArray, lengthAt)
    : byteArrayParser.readUint16(byteArray, lengthAt)
  if (length === 0xffffffff) {
    refuse(
      'truncated',
      `The file ends inside element ${tag} at byte ${start}, whose length is undefined.`,
      tag
    )
  }
  const remaining = byteArray.length - lengthAt - (isLong ? 4 : 2)
  if (length > MAX_FILE_BYTES) {
    refuse('damaged', `Element ${tag} at byte ${start} declares ${length} bytes; ${remaining} are left.`, tag)
  }
  if (length > remaining) {
    refuse(
      'truncated',
      `Element ${tag} at byte ${start} declares ${length} bytes; ${remaining} are left.`,
      tag
    )
  }
  return refuse('damaged', `Element ${tag} at byte ${start} cannot be parsed.`, tag)
}

/** File Meta Information (group 0002), always Explicit VR Little Endian; absent from a bare data set. */
function readMetaInformation(bytes: Uint8Array, fileSize: number) {
  const hasPreamble = String.fromCharCode(...bytes.subarray(128, 132)) === 'DICM'
  const start = hasPreamble ? 132 : 0
  const elements: Record<string, Element> = {}
  if (start >= bytes.length) refuse('truncated', 'The file ends after its preamble.')
  const stream = new ByteStream(littleEndianByteArrayParser, bytes, start)
  let end = start
  let transferSyntax: string | null = null
  while (bytes[end] === 0x02 && bytes[end + 1] === 0x00) {
    const element = withinBounds(stream, () => readDicomElementExplicit(stream, stream.warnings))
    if (!element) {
      if (bytes.length < fileSize) throw new HeaderGoesOn()
      return refuse('truncated', `The file ends inside its File Meta Information, at byte ${end}.`)
    }
    element.parser = littleEndianByteArrayParser
    elements[element.tag] = element
    end = stream.position
    if (element.tag === 'x00020010') {
      const text = String.fromCharCode(...bytes.subarray(element.dataOffset, end))
      transferSyntax = text.replace(/[\0 ]+$/, '') || null
    }
  }
  return { elements, end, transferSyntax }
}

/** For data sets that name no transfer syntax: explicit where VR letters follow the first tag, else implicit. */
function guessTransferSyntax(bytes: Uint8Array, start: number): string {
  if (bytes[start] === 0x00 && bytes[start + 1] !== 0x00) return EXPLICIT_BIG_ENDIAN
  return hasExplicitVr(bytes, start, false) ? EXPLICIT_LITTLE_ENDIAN : IMPLICIT_LITTLE_ENDIAN
}

/** Some writers name an explicit transfer syntax and write implicit elements, or the reverse; the bytes decide. */
function hasExplicitVr(bytes: Uint8Array, start: number, otherwise: boolean): boolean {
  if (start + 6 > bytes.length) return otherwise
  return /^[A-Z]{2}$/.test(String.fromCharCode(bytes[start + 4]!, bytes[start + 5]!))
}

function inflate(deflated: Uint8Array): Uint8Array {
  try {
    const inflated = inflateRawSync(deflated, { maxOutputLength: MAX_INFLATED_BYTES })
    return new Uint8Array(inflated.buffer, inflated.byteOffset, inflated.byteLength)
  } catch (thrown) {
    const code = (toError(thrown) as NodeJS.ErrnoException).code
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      refuse('inflates-too-far', `The deflated data set inflates to more than ${MAX_INFLATED_BYTES} bytes.`)
    }
    if (code === 'Z_BUF_ERROR') refuse('truncated', 'The deflated data set ends before its end mark.')
    return refuse('damaged', `The deflated data set cannot be inflated (${code ?? 'unknown error'}).`)
  }
}
