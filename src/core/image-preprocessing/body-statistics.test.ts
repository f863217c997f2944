import { describe, expect, it } from 'vitest'
import type { StoredFilm } from '../domain'
import { createRandom } from '../foundation'
import { bodyPercentiles, bodyWindow } from './body-statistics'

function film(values: StoredFilm['values'], rows: number, changes: Partial<StoredFilm> = {}): StoredFilm {
  return {
    rows,
    columns: values.length / rows,
    values,
    bitsStored: 12,
    signed: false,
    photometric: 'MONOCHROME2',
    colour: false,
    modality: { kind: 'rescale', slope: 1, intercept: 0, unit: null },
    voi: [],
    spacing: null,
    padding: null,
    ...changes
  }
}

/** A body of values 1000..2000, evenly spread, on a border of `border` that covers most of the film. */
function bodyOnBorder(border: number): Uint16Array {
  const random = createRandom(5)
  return Uint16Array.from({ length: 256 * 256 }, (_, i) => {
    const row = Math.floor(i / 256)
    const column = i % 256
    const isBody = row >= 64 && row < 192 && column >= 64 && column < 192
    return isBody ? random.integer(1000, 2000) : border
  })
}

describe('bodyPercentiles', () => {
  it('is the nearest rank where the whole film is body', () => {
    const random = createRandom(6)
    const values = Uint16Array.from(random.shuffle(Array.from({ length: 10_000 }, (_, i) => i % 1000)))
    expect(bodyPercentiles(film(values, 100))).toEqual({ p0_5: 4, p2: 19, p50: 499, p98: 979, p99_5: 994 })
  })

  it.each([0, 4095])('leaves out a flat border of %i', border => {
    const { p0_5, p50, p99_5 } = bodyPercentiles(film(bodyOnBorder(border), 256))
    expect(p0_5).toBeGreaterThanOrEqual(1000)
    expect(p0_5).toBeLessThan(1020)
    expect(Math.abs(p50 - 1500)).toBeLessThan(25)
    expect(p99_5).toBeGreaterThan(1980)
    expect(p99_5).toBeLessThanOrEqual(2000)
  })

  it('leaves out padding and is in modality values, turned by a negative slope', () => {
    const values = bodyOnBorder(3000)
    const { p0_5, p99_5 } = bodyPercentiles(
      film(values, 256, {
        padding: { low: 2900, high: 3100 },
        modality: { kind: 'rescale', slope: -2, intercept: 100, unit: null }
      })
    )
    expect(p0_5).toBeGreaterThanOrEqual(-3900)
    expect(p0_5).toBeLessThan(-3860)
    expect(p99_5).toBeLessThanOrEqual(-1900)
  })

  it('takes all pixels where nothing but flat cells is found, and signed and 32-bit values', () => {
    expect(bodyPercentiles(film(new Int16Array(64).fill(-7), 8)).p50).toBe(-7)
    expect(bodyPercentiles(film(new Uint32Array(64).fill(70_000), 8)).p50).toBe(70_000)
  })

  it('gives a window of positive width for a film of one value', () => {
    expect(bodyWindow(film(new Uint16Array(64).fill(5), 8))).toMatchObject({ center: 5 })
    expect((bodyWindow(film(new Uint16Array(64).fill(5), 8)) as { width: number }).width).toBeGreaterThan(0)
  })
})
