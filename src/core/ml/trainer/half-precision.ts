const floats = new Float32Array(1)
const bits = new Uint32Array(floats.buffer)

/** IEEE 754 binary32 -> binary16 bits, rounded to nearest even; what is too large becomes infinity. */
export function toHalf(values: Float32Array): Uint16Array {
  const out = new Uint16Array(values.length)
  for (let i = 0; i < values.length; i++) {
    floats[0] = values[i]!
    const x = bits[0]!
    const sign = (x >>> 16) & 0x8000
    const exponent = ((x >>> 23) & 0xff) - 112
    let mantissa = x & 0x7fffff
    if (exponent >= 31) out[i] = sign | 0x7c00 | (exponent === 143 && mantissa !== 0 ? 0x200 : 0)
    else if (exponent > 0) {
      const half = (exponent << 10) | (mantissa >>> 13)
      const rest = mantissa & 0x1fff
      out[i] = sign | (half + (rest > 0x1000 || (rest === 0x1000 && half & 1) ? 1 : 0))
    } else if (exponent < -10) out[i] = sign
    else {
      mantissa |= 0x800000
      const shift = 14 - exponent
      const half = mantissa >>> shift
      const rest = mantissa & ((1 << shift) - 1)
      const middle = 1 << (shift - 1)
      out[i] = sign | (half + (rest > middle || (rest === middle && half & 1) ? 1 : 0))
    }
  }
  return out
}

/** Every binary16 value as a number, by its bits. */
const HALVES = Float32Array.from({ length: 0x10000 }, (_, half) => {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >>> 10) & 0x1f
  const mantissa = half & 0x3ff
  if (exponent === 31) return mantissa ? NaN : sign * Infinity
  return sign * (exponent ? (1 + mantissa / 1024) * 2 ** (exponent - 15) : (mantissa / 1024) * 2 ** -14)
})

/** binary16 bits -> binary32, exact. */
export function fromHalf(halves: Uint16Array): Float32Array {
  const out = new Float32Array(halves.length)
  for (let i = 0; i < halves.length; i++) out[i] = HALVES[halves[i]!]!
  return out
}
