import { MAX_FRAGMENTS } from '../limits'
import { refuse } from '../refuse'
import { nativeFrameBytes, type ImagePixel } from './image-pixel'
import type { ParsedDicom } from './parse-data-set'
import { pixelCoding } from './transfer-syntax'

const FIELD = 'Pixel Data (7FE0,0010)'
const ITEM = 0xe000fffe
const SEQUENCE_DELIMITER = 0xe0ddfffe
const UNDEFINED_LENGTH = 0xffffffff

/** Where a piece of pixel data lies in the file (or in its inflated data set). */
export interface Span {
  start: number
  end: number
}

/** Bytes [start, end) of what the positions of the parsed data set count in. */
export type ReadBytes = (start: number, end: number) => Promise<Uint8Array>

/**
 * Finds the pixel data of the first frame and makes sure that the file holds all of it, reading item headers only.
 * @returns one span for native pixels; one per fragment of the first frame for encapsulated pixels
 * @throws NeoGateError FILE_REFUSED 'truncated' | 'damaged'
 */
export async function firstFrameSpans(
  parsed: ParsedDicom,
  pixel: ImagePixel,
  read: ReadBytes
): Promise<Span[]> {
  const { length, dataOffset } = parsed.pixelData!
  const isNative = pixelCoding(parsed.transferSyntax) === 'native'
  if (length !== UNDEFINED_LENGTH) {
    if (!isNative)
      refuse('damaged', `${FIELD} of an encapsulated transfer syntax has a defined length.`, FIELD)
    return [nativeSpan(parsed, pixel)]
  }
  if (isNative)
    refuse('damaged', `${FIELD} of an uncompressed transfer syntax has an undefined length.`, FIELD)
  const { offsets, fragments } = await encapsulatedFragments(dataOffset, parsed.contentSize, read)
  return fragmentsOfFirstFrame(fragments, offsets, pixel.frames)
}

function nativeSpan(parsed: ParsedDicom, pixel: ImagePixel): Span {
  const { length, dataOffset } = parsed.pixelData!
  const frameBytes = nativeFrameBytes(pixel)
  const remaining = parsed.contentSize - dataOffset
  if (length > remaining) {
    refuse('truncated', `${FIELD} declares ${length} bytes; the file ends after ${remaining}.`, FIELD)
  }
  if (length < Math.floor(frameBytes) * pixel.frames) {
    const needed = frameBytes * pixel.frames
    refuse('damaged', `${FIELD} has ${length} bytes; Rows x Columns of this depth need ${needed}.`, FIELD)
  }
  return { start: dataOffset, end: dataOffset + Math.floor(frameBytes) }
}

/** Walks the items of PS3.5 A.4: the Basic Offset Table, the fragments, the sequence delimiter. */
async function encapsulatedFragments(start: number, size: number, read: ReadBytes) {
  let offsets: number[] = []
  const fragments: Span[] = []
  let isOffsetTable = true
  let position = start
  while (true) {
    if (position + 8 > size) refuse('truncated', `${FIELD} ends without its sequence delimiter.`, FIELD)
    const header = await read(position, position + 8)
    const view = new DataView(header.buffer, header.byteOffset, 8)
    const tag = view.getUint32(0, true)
    const length = view.getUint32(4, true)
    position += 8
    if (tag === SEQUENCE_DELIMITER) break
    if (tag !== ITEM)
      refuse('damaged', `${FIELD} has something other than an item at byte ${position - 8}.`, FIELD)
    const end = position + length
    if (end > size) {
      refuse(
        'truncated',
        `A fragment of ${FIELD} declares ${length} bytes; ${size - position} are left.`,
        FIELD
      )
    }
    if (isOffsetTable) {
      const table = await read(position, end)
      const entries = new DataView(table.buffer, table.byteOffset, table.byteLength)
      offsets = Array.from({ length: Math.floor(length / 4) }, (_, i) => entries.getUint32(i * 4, true))
      isOffsetTable = false
    } else fragments.push({ start: position, end })
    if (fragments.length > MAX_FRAGMENTS) {
      refuse('damaged', `${FIELD} has more than ${MAX_FRAGMENTS} fragments.`, FIELD)
    }
    position = end
  }
  return { offsets, fragments }
}

/** One frame owns all fragments; of several frames, the Basic Offset Table or one fragment per frame tells. */
function fragmentsOfFirstFrame(fragments: Span[], offsets: number[], frames: number): Span[] {
  const [first] = fragments
  if (!first) return refuse('damaged', `${FIELD} has no fragment.`, FIELD)
  if (frames === 1) return fragments
  const second = offsets[1]
  if (second !== undefined && second > 0) {
    const boundary = first.start - 8 + second
    return fragments.filter(fragment => fragment.start - 8 < boundary)
  }
  if (fragments.length === frames) return [first]
  return refuse('damaged', `${FIELD} does not tell which of its fragments make up the first frame.`, FIELD)
}
