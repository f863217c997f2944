import { describe, expect, it } from 'vitest'
import type { ContextSurface } from '../../../contract'
import { borderPath, readSurface, surfacePixels } from './surface-reading'

const surface = {
  gaAxis: [200, 202, 204],
  bwAxis: [1000, 1100],
  probabilities: [
    [0.9, 0.5, 0.1, 0.8, 0.4, 0.2],
    [0.1, 0.5, 0.9, 0.2, 0.6, 0.8]
  ],
  predictedAt: [0, 0, 1, 0, 1, 1],
  zScores: [0, 0, 0, 0, 3.5, 6],
  limits: { warn: 3, blocked: 5 }
} as unknown as ContextSurface

describe('a surface over GA and BW', () => {
  it('reads between its points, and holds its ends', () => {
    const { probabilities, predicted, zScore } = readSurface(surface, 201, 1050)
    expect(probabilities[0]).toBeCloseTo((0.9 + 0.5 + 0.8 + 0.4) / 4)
    expect(predicted).toBe(0)
    expect(zScore).toBeCloseTo(3.5 / 4)
    expect(readSurface(surface, 300, 5000).probabilities[1]).toBeCloseTo(0.8)
    expect(readSurface(surface, 202, 1000).probabilities[0]).toBeCloseTo(0.5)
  })

  it('draws the border where the answer changes', () => {
    const path = borderPath(
      surface,
      column => column * 10,
      row => row * 10
    )
    expect(path).toBe('M20.0 0.0V10.0M10.0 10.0H20.0M10.0 10.0V20.0')
  })

  it('is brighter where the class is more probable, heaviest first, and grey where GA and BW are implausible', () => {
    const pixels = new Uint8ClampedArray(4 * 6)
    surfacePixels(surface, 0, pixels)
    const at = (place: number) => [...pixels.subarray(4 * place, 4 * place + 3)]
    // Pixels 0 to 2 are of 1100 g, 3 to 5 of 1000 g.
    expect(at(3)[2]).toBeGreaterThan(at(0)[2]!)
    expect(at(0)[2]).toBeGreaterThan(at(4)[2]!)
    expect(at(5)).toEqual([24, 35, 38])
    expect(Math.max(...at(2)) - Math.min(...at(2))).toBeLessThan(12)
  })
})
