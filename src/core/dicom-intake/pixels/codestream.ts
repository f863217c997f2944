import { refuse } from '../refuse'

/** What a compressed frame says of itself, read before any of it is decoded. */
export interface Codestream {
  rows: number
  columns: number
  components: number
  /** Bits per sample. */
  precision: number
  /** JPEG 2000 only; the others know no sign. */
  signed: boolean
  /** True where decoded components lie in planes (JPEG-LS, interleave mode none). */
  planar: boolean
  /** Colour space that JPEG markers tell: 'ycc' (JFIF, Adobe 1), 'rgb' (Adobe 0, ids R G B), null if they are silent. */
  colourSpace: 'ycc' | 'rgb' | null
}

/**
 * Reads the frame header of JPEG (SOF0, 1, 3 ...) or JPEG-LS (SOF55).
 * @throws NeoGateError FILE_REFUSED 'damaged' | 'truncated'
 */
export function readJpegHeader(bytes: Uint8Array): Codestream {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) refuse('damaged', 'The compressed frame is no JPEG stream.')
  let colourSpace: Codestream['colourSpace'] = null
  let frame: Omit<Codestream, 'planar' | 'colourSpace'> | null = null
  let isJpegLs = false
  let at = 2
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) refuse('damaged', `The JPEG stream has no marker at byte ${at}.`)
    const marker = bytes[at + 1]!
    if (marker === 0xff) {
      at++
      continue
    }
    const segment = bytes.subarray(at + 4, at + 2 + word(bytes, at + 2))
    const isFrame =
      (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) || marker === 0xf7
    if (isFrame && segment.length >= 6) {
      isJpegLs = marker === 0xf7
      frame = {
        precision: segment[0]!,
        rows: word(segment, 1),
        columns: word(segment, 3),
        components: segment[5]!,
        signed: false
      }
      const ids = String.fromCharCode(segment[6] ?? 0, segment[9] ?? 0, segment[12] ?? 0)
      if (frame.components === 3 && ids === 'RGB') colourSpace = 'rgb'
    }
    if (marker === 0xe0 && ascii(segment, 0, 4) === 'JFIF') colourSpace ??= 'ycc'
    if (marker === 0xee && ascii(segment, 0, 5) === 'Adobe') colourSpace = segment[11] === 0 ? 'rgb' : 'ycc'
    if (marker === 0xda) {
      if (!frame) break
      const interleaveMode = segment[2 + 2 * segment[0]!]
      return { ...frame, colourSpace, planar: isJpegLs && frame.components > 1 && interleaveMode === 0 }
    }
    at += 2 + word(bytes, at + 2)
  }
  return refuse('truncated', 'The JPEG stream ends before its first scan.')
}

/**
 * Reads the SIZ segment of a JPEG 2000 or HTJ2K codestream, bare or in a JP2 file.
 * @throws NeoGateError FILE_REFUSED 'damaged' | 'unsupported-pixels'
 */
export function readJpeg2000Header(bytes: Uint8Array): Codestream {
  const start = findCodestream(bytes)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (start < 0 || start + 42 > bytes.length)
    refuse('damaged', 'The compressed frame is no JPEG 2000 stream.')
  const siz = start + 4
  const components = view.getUint16(siz + 36)
  if (siz + 38 + 3 * components > bytes.length)
    refuse('truncated', 'The JPEG 2000 stream ends in its header.')
  const depth = view.getUint8(siz + 38)
  for (let component = 0; component < components; component++) {
    const own = siz + 38 + 3 * component
    const isLikeFirst = view.getUint8(own) === depth
    if (!isLikeFirst || view.getUint8(own + 1) !== 1 || view.getUint8(own + 2) !== 1) {
      refuse(
        'unsupported-pixels',
        'The components of the JPEG 2000 stream differ in depth or are subsampled.'
      )
    }
  }
  return {
    rows: view.getUint32(siz + 8) - view.getUint32(siz + 16),
    columns: view.getUint32(siz + 4) - view.getUint32(siz + 12),
    components,
    precision: (depth & 0x7f) + 1,
    signed: (depth & 0x80) !== 0,
    planar: false,
    colourSpace: null
  }
}

/**
 * The HTJ2K decoder makes up what is missing and says nothing: a stream that does not end with EOC, padding aside, is
 * refused before it is decoded.
 * @throws NeoGateError FILE_REFUSED 'truncated'
 */
export function requireEndOfCodestream(bytes: Uint8Array): void {
  let end = bytes.length
  while (end > 0 && bytes[end - 1] === 0) end--
  if (bytes[end - 2] !== 0xff || bytes[end - 1] !== 0xd9) {
    refuse('truncated', 'The HTJ2K stream ends without its end marker.')
  }
}

/** Position of SOC followed by SIZ, or -1. */
function findCodestream(bytes: Uint8Array): number {
  const limit = Math.min(bytes.length - 4, 4096)
  for (let at = 0; at <= limit; at++) {
    if (bytes[at] === 0xff && bytes[at + 1] === 0x4f && bytes[at + 2] === 0xff && bytes[at + 3] === 0x51)
      return at
  }
  return -1
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!
}

function ascii(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end))
}
