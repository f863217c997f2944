import { describe, expect, it } from 'vitest'
import type { StoredFilm } from '../../domain'
import { createRandom } from '../../foundation'
import { findLungs } from './lung-mask'
import { place, TEMPLATE } from './lung-template'
import { polygonSpans } from './polygon'

function film(rows: number, columns: number, values: StoredFilm['values'], part: Partial<StoredFilm> = {}) {
  const plain: StoredFilm = {
    rows,
    columns,
    values,
    bitsStored: 12,
    signed: false,
    photometric: 'MONOCHROME2',
    colour: false,
    modality: { kind: 'rescale', slope: 1, intercept: 0, unit: null },
    voi: [],
    spacing: null,
    padding: null
  }
  return { ...plain, ...part }
}

/** A body of 2500 with noise in air of 0; `lung` fills the template's shape in the middle. */
function chest({ lung = 900, sides = ['imageLeft', 'imageRight'] as ('imageLeft' | 'imageRight')[] } = {}) {
  const [rows, columns] = [400, 320]
  const random = createRandom(3, 'chest')
  const values = Uint16Array.from({ length: rows * columns }, (_, at) => {
    const column = at % columns
    return column < 20 || column >= 300 ? 0 : 2500 + random.integer(-60, 60)
  })
  const placement = { x: 160, y: 190, width: 112, height: 185, tilt: 0.03 }
  for (const side of sides)
    polygonSpans(
      TEMPLATE[side].map(point => place(placement, point)),
      rows,
      columns,
      (row, from, to) => {
        for (let column = from; column < to; column++)
          values[row * columns + column] = lung + random.integer(-60, 60)
      }
    )
  return film(rows, columns, values)
}

describe('findLungs', () => {
  it('finds two dark lungs within a few pixels', () => {
    const { mask, quality } = findLungs(chest())
    expect(quality.doubts).toEqual([])
    expect(mask!.imageLeft.box.left).toBeGreaterThan(42)
    expect(mask!.imageLeft.box.left).toBeLessThan(62)
    expect(mask!.imageLeft.centroid.x).toBeLessThan(160)
    expect(mask!.imageRight.centroid.x).toBeGreaterThan(160)
    expect(mask!.percentiles.p50).toBeGreaterThan(800)
    expect(mask!.percentiles.p50).toBeLessThan(1000)
  })

  it('gives its percentiles as modality values', () => {
    const plain = chest()
    const modality: StoredFilm['modality'] = { kind: 'rescale', slope: 2, intercept: -100, unit: null }
    const [a, b] = [findLungs(plain), findLungs({ ...plain, modality })]
    expect(b.mask!.percentiles.p50).toBe(2 * a.mask!.percentiles.p50 - 100)
  })

  it('is the same for the same film', () => {
    expect(findLungs(chest())).toEqual(findLungs(chest()))
  })

  it.each([
    ['noise', () => chest({ sides: [] })],
    ['lungs brighter than the body', () => chest({ lung: 3100 })],
    ['a blank film', () => film(64, 48, new Uint16Array(64 * 48).fill(7))],
    ['a film of one pixel', () => film(1, 1, Uint16Array.of(5))],
    [
      'a film of one row',
      () =>
        film(
          1,
          300,
          Uint16Array.from({ length: 300 }, (_, i) => i)
        )
    ]
  ])('gives no mask of %s, and says why', (_, make) => {
    const { mask, quality } = findLungs(make())
    expect(mask).toBeNull()
    expect(quality.doubts.length).toBeGreaterThan(0)
    expect(Object.values(quality).flat()).not.toContain(NaN)
  })
})
