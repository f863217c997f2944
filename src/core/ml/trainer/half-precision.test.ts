import { describe, expect, it } from 'vitest'
import { fromHalf, toHalf } from './half-precision'

describe('half precision', () => {
  it('brings every finite binary16 value back to its own bits', () => {
    const all = Uint16Array.from({ length: 0x10000 }, (_, half) => half).filter(
      half => (half & 0x7c00) !== 0x7c00
    )
    expect(toHalf(fromHalf(all))).toEqual(all)
  })

  it('rounds to nearest, ties to even, as IEEE 754 says', () => {
    const halves = (...values: number[]) => [...toHalf(Float32Array.from(values))]
    // numpy: np.array([...], np.float32).astype(np.float16).view(np.uint16)
    expect(halves(1, 1 + 2 ** -11, 1 + 3 * 2 ** -11, 1 + 2 ** -11 + 2 ** -20)).toEqual([
      15360, 15360, 15362, 15361
    ])
    expect(halves(65504, 65519.99, 65520, 1e6, -Infinity)).toEqual([31743, 31743, 31744, 31744, 64512])
    expect(halves(2 ** -24, 2 ** -25, 2 ** -25 + 2 ** -30, 3e-8, 0, -0)).toEqual([1, 0, 1, 1, 0, 32768])
    expect(Number.isNaN(fromHalf(toHalf(Float32Array.of(NaN)))[0])).toBe(true)
  })
})
