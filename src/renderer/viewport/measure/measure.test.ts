import { describe, expect, it } from 'vitest'
import { testFilm } from '../test-film'
import { measure, spacingPlane } from './measure'
import { isDegenerate, movedPoints } from './points'
import { regionStatistics } from './region'

const film = testFilm((column, row) => 10 * row + column, {
  rows: 20,
  columns: 16,
  slope: 2,
  intercept: -100
})
const spacing = { rowMm: 0.2, columnMm: 0.1, source: 'ImagerPixelSpacing', calibrated: false }
const spaced = { ...film, header: { ...film.header, spacing } }
const p = (u: number, v: number) => ({ u, v })
const value = (
  kind: 'length' | 'angle' | 'rectangle' | 'ellipse',
  ...points: { u: number; v: number }[]
) => ({
  kind,
  points,
  note: ''
})

describe('measuring', () => {
  it('gives lengths in pixels, and in millimetres only where the file gives spacing', () => {
    const line = value('length', p(1, 1), p(4, 5))
    expect(measure(film, line)).toEqual({ kind: 'length', length: { value: 5, unit: 'px' } })
    const across = measure(spaced, line)
    expect(across).toMatchObject({ kind: 'length', length: { unit: 'mm' } })
    expect(across.kind === 'length' && across.length.value).toBeCloseTo(Math.hypot(0.3, 0.8), 12)
  })

  it('gives angles in the plane of the film, not of its pixels', () => {
    expect(measure(film, value('angle', p(5, 0), p(0, 0), p(0, 7)))).toMatchObject({ degrees: 90 })
    expect(measure(film, value('angle', p(5, 0), p(0, 0), p(5, 5)))).toMatchObject({ degrees: 45 })
    const stretched = measure(spaced, value('angle', p(2, 0), p(0, 0), p(2, 1)))
    expect(stretched.kind === 'angle' && stretched.degrees).toBeCloseTo(45, 10)
    expect(measure(film, value('angle', p(-3, 0), p(0, 0), p(3, 0)))).toMatchObject({ degrees: 180 })
  })

  it('counts a pixel where its centre lies inside, whichever corner comes first', () => {
    const corners = [p(3.5, 6.4), p(1.5, 2.6)]
    const inside: number[] = []
    for (let row = 3; row <= 5; row++)
      for (let column = 1; column <= 3; column++) inside.push((10 * row + column) * 2 - 100)
    const mean = inside.reduce((sum, each) => sum + each) / inside.length
    const statistics = regionStatistics(film, 'rectangle', corners)!
    expect(statistics.count).toBe(9)
    expect(statistics.mean).toBeCloseTo(mean, 10)
    expect(statistics.sd).toBeCloseTo(
      Math.sqrt(inside.reduce((sum, each) => sum + (each - mean) ** 2, 0) / inside.length),
      10
    )
    expect([statistics.min, statistics.max]).toEqual([Math.min(...inside), Math.max(...inside)])
  })

  it('leaves the corners out of an ellipse, and takes what a test by the formula takes', () => {
    const corners = [p(2, 3), p(13, 17)]
    let count = 0
    for (let row = 0; row < 20; row++)
      for (let column = 0; column < 16; column++)
        if (((column + 0.5 - 7.5) / 5.5) ** 2 + ((row + 0.5 - 10) / 7) ** 2 <= 1) count += 1
    expect(regionStatistics(film, 'ellipse', corners)!.count).toBe(count)
    const measured = measure(spaced, value('ellipse', ...corners))
    expect(measured.kind === 'ellipse' && measured.area.value).toBeCloseTo((Math.PI / 4) * 11 * 14 * 0.02, 10)
  })

  it('has no statistics beside the film, and minimum below maximum where the slope is negative', () => {
    expect(regionStatistics(film, 'rectangle', [p(-9, -9), p(-2, -2)])).toBeNull()
    const turned = { ...film, header: { ...film.header, slope: -2 } }
    const { min, max, sd } = regionStatistics(turned, 'rectangle', [p(0, 0), p(16, 20)])!
    expect(min).toBeLessThan(max)
    expect(sd).toBeGreaterThan(0)
  })

  it('says in which plane millimetres hold', () => {
    const plane = (source: string, calibrated: boolean | null) =>
      spacingPlane({ rowMm: 1, columnMm: 1, source, calibrated })
    expect(plane('ImagerPixelSpacing', false)).toBe('detector')
    expect(plane('PixelSpacing', false)).toBe('detector')
    expect(plane('PixelSpacing', true)).toBe('calibrated')
    expect(plane('PixelSpacing', null)).toBe('unknown')
    expect(plane('PhysicalPixelDensity', null)).toBe('unknown')
  })
})

describe('moving', () => {
  it('keeps a handle on the film, and the shape of the whole', () => {
    const points = [p(2, 2), p(10, 8)]
    expect(movedPoints(points, 1, p(100, 100), film.header)).toEqual([p(2, 2), p(16, 20)])
    expect(movedPoints(points, null, p(100, -100), film.header)).toEqual([p(8, 0), p(16, 6)])
  })

  it('knows a stray click from a drawing', () => {
    expect(isDegenerate({ kind: 'length', points: [p(1, 1), p(1.5, 1)] })).toBe(true)
    expect(isDegenerate({ kind: 'rectangle', points: [p(1, 1), p(9, 1.2)] })).toBe(true)
    expect(isDegenerate({ kind: 'angle', points: [p(1, 1), p(5, 1), p(9, 9)] })).toBe(false)
  })
})
