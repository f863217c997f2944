import { refuse } from '../refuse'

/**
 * Decodes an RLE Lossless frame (PS3.5 annex G) to little-endian samples, components interleaved. Written here because
 * the codec library's decoder trusts segment offsets and run lengths; this one refuses any that leave their bounds.
 * @throws NeoGateError FILE_REFUSED 'damaged' | 'truncated'
 */
export function decodeRle(
  encoded: Uint8Array,
  pixels: number,
  samplesPerPixel: number,
  bytesPerSample: number
): Uint8Array {
  if (encoded.length < 64) refuse('truncated', 'The RLE frame is shorter than its header.')
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength)
  const segments = view.getUint32(0, true)
  if (segments !== samplesPerPixel * bytesPerSample) {
    refuse(
      'damaged',
      `The RLE frame has ${segments} segments in place of ${samplesPerPixel * bytesPerSample}.`
    )
  }
  const decoded = new Uint8Array(pixels * samplesPerPixel * bytesPerSample)
  const stride = samplesPerPixel * bytesPerSample
  for (let segment = 0; segment < segments; segment++) {
    const start = view.getUint32(4 + 4 * segment, true)
    const end = segment + 1 < segments ? view.getUint32(8 + 4 * segment, true) : encoded.length
    if (start < 64 || end > encoded.length || start > end) {
      refuse('damaged', `RLE segment ${segment + 1} lies outside the frame.`)
    }
    const sample = Math.floor(segment / bytesPerSample)
    const fromHighest = segment % bytesPerSample
    const first = sample * bytesPerSample + (bytesPerSample - 1 - fromHighest)
    decodeSegment(encoded, start, end, decoded, first, stride, pixels, segment + 1)
  }
  return decoded
}

/** PackBits: writes `count` bytes to `target`, from `first` on, every `stride` bytes. */
function decodeSegment(
  encoded: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  first: number,
  stride: number,
  count: number,
  number: number
): void {
  let at = start
  let written = 0
  let place = first
  while (written < count && at < end) {
    const control = encoded[at++]!
    if (control === 128) continue
    const run = control < 128 ? control + 1 : 257 - control
    const take = Math.min(run, count - written)
    if (control < 128) {
      if (at + take > end) refuse('truncated', `RLE segment ${number} ends inside a run.`)
      for (let i = 0; i < take; i++, place += stride) target[place] = encoded[at + i]!
      at += run
    } else {
      if (at >= end) refuse('truncated', `RLE segment ${number} ends inside a run.`)
      const value = encoded[at++]!
      for (let i = 0; i < take; i++, place += stride) target[place] = value
    }
    written += take
  }
  if (written < count) refuse('truncated', `RLE segment ${number} holds ${written} of ${count} bytes.`)
}
