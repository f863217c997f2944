import type { StoredValues } from '../../domain'

/** Samples as they come out of a file or a decoder, before masking: unsigned, one element per sample. */
export type RawSamples = Uint8Array | Uint16Array | Uint32Array

/** Views little- or big-endian bytes as samples; copies only where the bytes are misaligned or must be swapped. */
export function samplesFrom(bytes: Uint8Array, bytesPerSample: number, bigEndian: boolean): RawSamples {
  if (bytesPerSample === 1) return bytes
  const length = Math.floor(bytes.length / bytesPerSample)
  const whole = bytes.subarray(0, length * bytesPerSample)
  const isUsable = whole.byteOffset % bytesPerSample === 0 && !bigEndian
  const own = isUsable ? whole : Uint8Array.from(whole)
  if (bigEndian) {
    const buffer = Buffer.from(own.buffer, own.byteOffset, own.byteLength)
    if (bytesPerSample === 2) buffer.swap16()
    else buffer.swap32()
  }
  return bytesPerSample === 2
    ? new Uint16Array(own.buffer, own.byteOffset, length)
    : new Uint32Array(own.buffer, own.byteOffset, length)
}

/**
 * Cuts the stored bits out of each sample (PS3.5 8.1.1) and extends the sign: drops what lies below them, and what lies
 * above them, such as overlays in the high bits.
 * @param highBit position of the highest stored bit in the sample
 */
export function storedValues(
  samples: RawSamples,
  bitsStored: number,
  highBit: number,
  signed: boolean
): StoredValues {
  const shift = highBit + 1 - bitsStored
  const width = bitsStored <= 8 ? 8 : bitsStored <= 16 ? 16 : 32
  const isWhole = shift === 0 && samples.BYTES_PER_ELEMENT * 8 === width && bitsStored === width
  if (isWhole) return signed ? reinterpretSigned(samples) : samples
  const values = allocate(width, signed, samples.length)
  // In 32-bit arithmetic: the stored bits are moved to the top, then back down, with or without the sign.
  const up = 32 - bitsStored - shift
  const down = 32 - bitsStored
  if (signed) for (let i = 0; i < samples.length; i++) values[i] = (samples[i]! << up) >> down
  else for (let i = 0; i < samples.length; i++) values[i] = (samples[i]! << up) >>> down
  return values
}

/**
 * Brings values that a lossy coding has pushed over the ends of the stored range back to the ends; cutting their bits
 * off would turn white into black.
 */
export function clampToStored(values: StoredValues, bitsStored: number, signed: boolean): void {
  const low = signed ? -(2 ** (bitsStored - 1)) : 0
  const high = low + 2 ** bitsStored - 1
  for (let i = 0; i < values.length; i++) {
    if (values[i]! < low) values[i] = low
    else if (values[i]! > high) values[i] = high
  }
}

function reinterpretSigned(samples: RawSamples): StoredValues {
  const { buffer, byteOffset, length } = samples
  if (samples instanceof Uint8Array) return new Int8Array(buffer, byteOffset, length)
  if (samples instanceof Uint16Array) return new Int16Array(buffer, byteOffset, length)
  return new Int32Array(buffer, byteOffset, length)
}

function allocate(width: 8 | 16 | 32, signed: boolean, length: number) {
  if (width === 8) return signed ? new Int8Array(length) : new Uint8Array(length)
  if (width === 16) return signed ? new Int16Array(length) : new Uint16Array(length)
  return signed ? new Int32Array(length) : new Uint32Array(length)
}
