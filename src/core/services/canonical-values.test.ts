import { describe, expect, it } from 'vitest'
import type { StoredFilm } from '../domain'
import { modalityValues } from '../image-preprocessing'
import { canonicalValues } from './canonical-values'

const RESCALE = { kind: 'rescale', slope: 2.5, intercept: -1000, unit: null } as const
const LUT = {
  kind: 'lut',
  firstMapped: 100,
  bits: 16,
  values: Uint16Array.of(7, 40_000, 65_535),
  unit: null
} as const

function film(values: StoredFilm['values'], modality: StoredFilm['modality'] = RESCALE): StoredFilm {
  return {
    rows: 1,
    columns: values.length,
    values,
    bitsStored: 8 * values.BYTES_PER_ELEMENT,
    signed: values instanceof Int8Array || values instanceof Int16Array || values instanceof Int32Array,
    photometric: 'MONOCHROME2',
    colour: false,
    modality,
    voi: [],
    spacing: null,
    padding: null
  }
}

describe('canonicalValues', () => {
  it.each([
    ['uint8', film(Uint8Array.of(0, 9, 255))],
    ['int8', film(Int8Array.of(-128, 0, 127))],
    ['uint16', film(Uint16Array.of(0, 65_535))],
    ['int16', film(Int16Array.of(-32_768, -1, 32_767))],
    ['int32 of a narrow range', film(Int32Array.of(-1_000_000, -999_999, -934_465))],
    ['a Modality LUT, and values outside it', film(Uint16Array.of(0, 100, 101, 102, 500), LUT)]
  ])('%s stands for its modality values exactly', (_, source) => {
    const { values, slope, intercept, quantised, storedOffset } = canonicalValues(source)
    expect(quantised).toBe(false)
    expect(Array.from(values, value => value * slope + intercept)).toEqual(Array.from(modalityValues(source)))
    if (source.modality.kind === 'lut') expect(storedOffset).toBeNull()
    else expect(Array.from(values, value => value + storedOffset!)).toEqual(Array.from(source.values))
  })

  it('spreads a wider range over 65,536 levels, off by half a level at most', () => {
    const source = film(Uint32Array.of(0, 12_345_678, 99_999_999, 2 ** 32 - 1))
    const { values, slope, intercept, storedOffset, quantised } = canonicalValues(source)
    expect(quantised).toBe(true)
    expect(storedOffset).toBeNull()
    const exact = modalityValues(source)
    values.forEach((value, i) => {
      expect(Math.abs(value * slope + intercept - exact[i]!)).toBeLessThanOrEqual(slope / 2 + 1e-6)
    })
  })
})
