import type { StoredType } from './weight-file'

/**
 * Little-endian bytes as float32. F64, I64 and I32 round to the nearest float32, the others convert exactly.
 * @param bytes a whole number of elements, at any alignment
 */
export function toFloat32(bytes: Uint8Array, dtype: StoredType): Float32Array {
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice()
  const { buffer, byteOffset, byteLength } = aligned
  switch (dtype) {
    case 'F32':
      return new Float32Array(buffer, byteOffset, byteLength / 4)
    case 'F64':
      return Float32Array.from(new Float64Array(buffer, byteOffset, byteLength / 8))
    case 'F16':
      return fromHalf(new Uint16Array(buffer, byteOffset, byteLength / 2))
    case 'BF16':
      return fromBrainFloat(new Uint16Array(buffer, byteOffset, byteLength / 2))
    case 'I64':
      return Float32Array.from(new BigInt64Array(buffer, byteOffset, byteLength / 8), Number)
    case 'I32':
      return Float32Array.from(new Int32Array(buffer, byteOffset, byteLength / 4))
    case 'I16':
      return Float32Array.from(new Int16Array(buffer, byteOffset, byteLength / 2))
    case 'I8':
      return Float32Array.from(new Int8Array(buffer, byteOffset, byteLength))
    case 'U8':
    case 'BOOL':
      return Float32Array.from(aligned)
  }
}

/** IEEE 754 binary16: sign, 5 bits of exponent, 10 of fraction. */
function fromHalf(halves: Uint16Array): Float32Array {
  return Float32Array.from(halves, half => {
    const sign = half & 0x8000 ? -1 : 1
    const exponent = (half >> 10) & 0x1f
    const fraction = half & 0x3ff
    if (exponent === 0x1f) return fraction ? NaN : sign * Infinity
    if (exponent === 0) return sign * fraction * 2 ** -24
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
  })
}

/** bfloat16 is the upper half of a float32. */
function fromBrainFloat(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length)
  for (let i = 0; i < halves.length; i++) bits[i] = halves[i]! << 16
  return new Float32Array(bits.buffer)
}
