import { describe, expect, it } from 'vitest'
import { formatFigure, formatLoss } from './run-text'

describe('figures of a run', () => {
  it('have three significant digits', () => {
    expect([0.45321, 12.345, 1234, 0, -0.5].map(formatFigure)).toEqual(['0.453', '12.3', '1230', '0', '-0.5'])
  })

  it('are powers of ten where they are small', () => {
    expect([1e-3, 3e-5, 0.00012345, -1e-6].map(formatFigure)).toEqual(['1e-3', '3e-5', '1.23e-4', '-1e-6'])
  })

  it('stand below each other as losses, and are a dash where there is none', () => {
    expect([1.5, 0.0004, null, undefined, Number.NaN].map(formatLoss)).toEqual([
      '1.500',
      '0.000',
      '–',
      '–',
      '–'
    ])
    expect(formatFigure(Number.NaN)).toBe('–')
  })
})
