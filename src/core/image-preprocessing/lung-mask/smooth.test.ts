import { describe, expect, it } from 'vitest'
import { createRandom } from '../../foundation'
import type { Picture } from './chest-picture'
import { boxBlur, sample, withoutRibs } from './smooth'

const random = createRandom(8)
const picture: Picture = {
  columns: 13,
  rows: 17,
  values: Float32Array.from({ length: 13 * 17 }, () => random.next())
}
const at = (row: number, column: number) =>
  picture.values[Math.min(16, Math.max(0, row)) * 13 + Math.min(12, Math.max(0, column))]!

describe('boxBlur', () => {
  it('is the mean over the box, edges repeated', () => {
    const blurred = boxBlur(picture, 2)
    for (let row = 0; row < 17; row++)
      for (let column = 0; column < 13; column++) {
        let sum = 0
        for (let r = -2; r <= 2; r++) for (let c = -2; c <= 2; c++) sum += at(row + r, column + c)
        expect(blurred[row * 13 + column]).toBeCloseTo(sum / 25, 5)
      }
  })
})

describe('withoutRibs', () => {
  it('is the opening by an upright line', () => {
    const opened = withoutRibs(picture, 2)
    const rows = Array.from({ length: 17 }, (_, row) => row)
    const lowest = (row: number, column: number) =>
      Math.min(...rows.filter(r => Math.abs(r - row) <= 2).map(r => at(r, column)))
    for (const row of rows)
      for (let column = 0; column < 13; column++)
        expect(opened[row * 13 + column]).toBe(
          Math.max(...rows.filter(r => Math.abs(r - row) <= 2).map(r => lowest(r, column)))
        )
  })
})

describe('sample', () => {
  it('is the value at pixel centres and linear between them', () => {
    expect(sample(picture, 3.5, 4.5)).toBeCloseTo(at(4, 3), 6)
    expect(sample(picture, 4, 5)).toBeCloseTo((at(4, 3) + at(4, 4) + at(5, 3) + at(5, 4)) / 4, 6)
    expect(sample(picture, -5, 40)).toBe(at(16, 0))
  })
})
