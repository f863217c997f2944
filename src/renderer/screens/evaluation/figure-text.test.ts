import { describe, expect, it } from 'vitest'
import { differenceInterval, excludesZero, intervalText } from './figure-text'

describe('figures as text', () => {
  it('write an interval, and nothing where there is none', () => {
    expect(intervalText({ estimate: 0.5, low: 0.4, high: 0.6 })).toBe('0.400–0.600')
    expect(intervalText({ estimate: 0.5, low: null, high: null })).toBe('')
    expect(intervalText(null)).toBe('')
  })

  it('write a difference with signs, and say when it is one', () => {
    const figure = { estimate: 0.01, low: -0.02, high: 0.04 }
    expect(differenceInterval(figure)).toBe('−0.020 … +0.040')
    expect(excludesZero(figure)).toBe(false)
    expect(excludesZero({ ...figure, low: 0.001 })).toBe(true)
  })
})
