import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodeFilm } from '../../../src/core/dicom-intake'
import { greyToImage } from '../../../src/core/foundation'
import { modelInput, resizeRows } from '../../../src/core/image-preprocessing'
import { readNpy } from './npy'

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length)
  let largest = 0
  for (let i = 0; i < b.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!))
  return largest
}

describe('values equal torchvision’s (generate_model_input.py)', () => {
  it.each([
    [97, 61, 32, 20],
    [11, 9, 30, 25],
    [64, 50, 64, 7],
    [512, 419, 40, 33]
  ])('resize %i x %i to %i x %i', (rows, columns, outRows, outColumns) => {
    const drawRow = (row: number, target: Float32Array) => {
      for (let x = 0; x < columns; x++) target[x] = ((row * 7919 + x * 104729) % 1009) / 1008
    }
    const resized = resizeRows(drawRow, rows, columns, outRows, outColumns)
    const golden = readNpy(
      join(import.meta.dirname, `resize-${rows}x${columns}-${outRows}x${outColumns}.npy`)
    )
    expect(largestDifference(resized, golden)).toBeLessThan(4e-7)
  })

  it('model input of a windowed MONOCHROME1 film', async () => {
    const film = await decodeFilm(join(import.meta.dirname, 'films/window-linear-monochrome1.dcm'))
    const { plane, extent } = modelInput(film, 40)
    const image = new Float32Array(3 * 40 * 40)
    greyToImage(plane, image)
    const golden = readNpy(join(import.meta.dirname, 'model-input.npy'))
    expect(largestDifference(image, golden)).toBeLessThan(4e-6)
    expect(extent).toEqual({ left: 0, top: -8, right: 64, bottom: 56 })
  })
})
