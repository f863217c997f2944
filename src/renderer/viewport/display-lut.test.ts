import { describe, expect, it } from 'vitest'
import { displayGrey, displayLut, voiGrey, type Voi } from './display-lut'
import { testHeader } from './test-film'

const window = (
  center: number,
  width: number,
  kind: 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID' = 'LINEAR'
): Voi => ({ kind: 'window', center, width, function: kind, explanation: null })

const grey8 = (voi: Voi, header = testHeader(), inverted = false) => {
  const lut = displayLut(header, { voi, inverted })
  return (stored: number) => displayGrey(lut, stored)
}

describe('VOI transforms, with the worked values of PS3.3 C.11.2.1.2.1', () => {
  it('shows centre 2048 width 4096 over 0..4095 as black to white', () => {
    expect(voiGrey(window(2048, 4096), 0)).toBe(0)
    expect(voiGrey(window(2048, 4096), 4095)).toBe(1)
    expect(voiGrey(window(2048, 4096), 2047.5)).toBeCloseTo(0.5, 12)
  })

  it('shows centre 0.5 width 1 as a threshold: at or below 0 black, above white', () => {
    expect([-1, 0, 0.0001, 1].map(x => voiGrey(window(0.5, 1), x))).toEqual([0, 0, 1, 1])
  })

  it('shows centre 0 width 100: -50 black, 49 white, and 1/99 per step between', () => {
    expect(voiGrey(window(0, 100), -50)).toBe(0)
    expect(voiGrey(window(0, 100), 49)).toBe(1)
    expect(voiGrey(window(0, 100), -49)).toBeCloseTo(1 / 99, 12)
  })

  it('takes LINEAR_EXACT without the half-pixel: centre 2048 width 4096 is 0..4096', () => {
    expect(voiGrey(window(2048, 4096, 'LINEAR_EXACT'), 0)).toBe(0)
    expect(voiGrey(window(2048, 4096, 'LINEAR_EXACT'), 1024)).toBe(0.25)
    expect(voiGrey(window(2048, 4096, 'LINEAR_EXACT'), 4096)).toBe(1)
  })

  it('takes SIGMOID as 1 / (1 + exp(-4 (x - c) / w))', () => {
    expect(voiGrey(window(100, 40, 'SIGMOID'), 100)).toBe(0.5)
    expect(voiGrey(window(100, 40, 'SIGMOID'), 110)).toBeCloseTo(1 / (1 + Math.exp(-1)), 12)
  })

  it('looks a value up in a VOI LUT and holds the end values outside it', () => {
    const lut: Voi = { kind: 'lut', firstMapped: -10, bits: 8, values: [0, 51, 255], explanation: null }
    expect([-500, -10, -9, -8, 700].map(x => voiGrey(lut, x))).toEqual([0, 0, 0.2, 1, 1])
  })
})

describe('display table', () => {
  it('is the formula rounded to the nearest 8-bit grey at every stored value', () => {
    for (const voi of [
      window(2048, 4096),
      window(1873.25, 977.5, 'LINEAR_EXACT'),
      window(2000, 700, 'SIGMOID')
    ]) {
      const grey = grey8(voi)
      const wrong = Array.from({ length: 65536 }, (_, stored) => stored).filter(
        stored => grey(stored) !== Math.floor(voiGrey(voi, stored) * 255 + 0.5)
      )
      expect(wrong).toEqual([])
    }
  })

  it('applies slope and intercept before the window', () => {
    const grey = grey8(window(-500, 1000, 'LINEAR_EXACT'), testHeader({ slope: 0.5, intercept: -1000 }))
    expect([0, 1000, 2000].map(grey)).toEqual([0, 128, 255])
  })

  it('turns MONOCHROME1 once, and inversion turns it back', () => {
    const voi = window(2048, 4096)
    const plain = grey8(voi)
    const mono1 = grey8(voi, testHeader({ inverted: true }))
    const back = grey8(voi, testHeader({ inverted: true }), true)
    expect([mono1(0), mono1(4095)]).toEqual([255, 0])
    for (const stored of [0, 1, 999, 2048, 4095]) expect(back(stored)).toBe(plain(stored))
  })

  it('interpolates greys between stored values, so that 8-bit films do not band when enlarged', () => {
    const grey = grey8(window(10, 2, 'LINEAR_EXACT'))
    expect([9, 9.5, 10, 10.75, 11].map(grey)).toEqual([0, 64, 128, 223, 255])
  })
})
