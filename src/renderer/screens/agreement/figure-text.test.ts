import { describe, expect, it } from 'vitest'
import { estimateText, intervalText } from './figure-text'

const figure = (estimate: number, low: number | null, high: number | null) => ({
  estimate,
  low,
  high,
  resamples: 1000
})

describe('a figure of agreement as text', () => {
  it('is a dash where it does not exist', () => {
    expect([estimateText(null), intervalText(null)]).toEqual(['–', ''])
  })

  it('has an interval only where enough infants carry one', () => {
    expect(intervalText(figure(0.8, 0.7, 0.9))).toBe('0.70–0.90')
    expect(intervalText(figure(0.8, null, null))).toBe('')
  })

  it('says plainly where it may lie below chance', () => {
    expect(estimateText(figure(-0.1, -0.3, 0.1))).toBe('−0.100')
    expect(intervalText(figure(-0.1, -0.3, 0.1))).toBe('−0.30 … 0.10')
    expect(intervalText(figure(0.5, -0.001, 0.9))).toBe('0.00 … 0.90')
  })
})
