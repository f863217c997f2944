import { describe, expect, it } from 'vitest'
import { createRandom } from '../../foundation'
import { augment } from './augment'

const NONE = { flip: 0, brightness: 0, contrast: 0 }
const plane = Float32Array.of(0.1, 0.2, 0.3, 0.4)

describe('augment', () => {
  it('changes nothing when told to change nothing', () => {
    augment(plane, 2, NONE, createRandom(1)).forEach((value, i) => expect(value).toBeCloseTo(plane[i]!, 6))
  })

  it('mirrors left and right, not up and down', () => {
    const mirrored = augment(plane, 2, { ...NONE, flip: 1 }, createRandom(1))
    ;[0.2, 0.1, 0.4, 0.3].forEach((value, i) => expect(mirrored[i]).toBeCloseTo(value, 6))
  })

  it('keeps the mean under contrast and the range under everything', () => {
    const values = augment(plane, 2, { ...NONE, contrast: 0.5 }, createRandom(3))
    expect(values.reduce((a, b) => a + b) / 4).toBeCloseTo(0.25, 6)
    for (const value of augment(plane, 2, { flip: 0, brightness: 5, contrast: 0 }, createRandom(2))) {
      expect(value).toBeGreaterThanOrEqual(0)
      expect(value).toBeLessThanOrEqual(1)
    }
  })
})
