import { describe, expect, it } from 'vitest'
import { findLungs } from '../../../src/core/image-preprocessing'
import { dice, maskPixels } from './dice'
import { drawnLungs } from './drawn-films'

const films = [...drawnLungs(24, 23)]

/** The drawer knows where it put the lungs, whatever their greys: the truth that real films lack. */
describe('lung mask of drawn films', () => {
  it('covers the lungs as drawn, in every diagnosis', () => {
    const scores = films
      .flatMap(({ film, truth }) => {
        const { mask } = findLungs(film)
        return mask ? [dice(maskPixels(mask, film.rows, film.columns), truth)] : []
      })
      .sort((a, b) => a - b)
    // A missing mask is honest, but must not be the way out.
    expect(scores.length).toBeGreaterThanOrEqual(0.95 * films.length)
    expect(scores.reduce((sum, score) => sum + score, 0) / scores.length).toBeGreaterThan(0.82)
    expect(scores[Math.floor(scores.length / 20)]).toBeGreaterThan(0.7)
  })

  it('is where it was when the film is mirrored, but for the heart, and when its greys are turned', () => {
    const { film } = films[0]!
    const { rows, columns } = film
    const upright = findLungs(film).mask!
    const size = 2 ** film.bitsStored - 1
    const turned = findLungs({
      ...film,
      values: (film.values as Uint16Array).map(value => size - value),
      photometric: film.photometric === 'MONOCHROME1' ? 'MONOCHROME2' : 'MONOCHROME1'
    }).mask!
    expect(dice(maskPixels(turned, rows, columns), maskPixels(upright, rows, columns))).toBeGreaterThan(0.995)

    const values = new Uint16Array(film.values.length)
    for (let at = 0; at < values.length; at++)
      values[at] = film.values[at - (at % columns) + columns - 1 - (at % columns)]!
    const mirrored = findLungs({ ...film, values }).mask!
    const back = maskPixels(mirrored, rows, columns)
    const flipped = back.map((_, at) => back[at - (at % columns) + columns - 1 - (at % columns)]!)
    expect(dice(flipped, maskPixels(upright, rows, columns))).toBeGreaterThan(0.8)
  })

  it('is the same at another size of the film, in its own coordinates', () => {
    const { film } = films[3]!
    const [rows, columns] = [film.rows * 2, film.columns * 2]
    const values = Uint16Array.from(
      { length: rows * columns },
      (_, at) => film.values[Math.floor(at / columns / 2) * film.columns + Math.floor((at % columns) / 2)]!
    )
    const small = findLungs(film).mask!
    const large = findLungs({ ...film, rows, columns, values }).mask!
    expect(large.imageLeft.area / small.imageLeft.area).toBeCloseTo(4, 0)
    expect(large.imageRight.centroid.x / 2 / small.imageRight.centroid.x).toBeCloseTo(1, 1)
    expect(large.imageLeft.box.bottom / 2 / small.imageLeft.box.bottom).toBeCloseTo(1, 1)
  })
})
