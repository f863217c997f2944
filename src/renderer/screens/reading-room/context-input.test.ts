import { describe, expect, it } from 'vitest'
import { readBirthWeight, readGestationalAge } from './context-input'

const value = (of: number) => ({ kind: 'value', value: of })

describe('gestational age as typed', () => {
  it.each([
    ['29+3', 206],
    ['29w3d', 206],
    ['29 3', 206],
    ['29w', 203],
    ['29', 203],
    ['29주 3일', 206],
    ['206', 206],
    ['206d', 206],
    ['206 일', 206],
    ['29.43', 206]
  ])('reads %s as %i days', (text, days) => expect(readGestationalAge(text)).toEqual(value(days)))

  it.each(['29+7', 'term', '1250', '29+3+1', '-206'])('does not guess at %s', text =>
    expect(readGestationalAge(text)).toEqual({ kind: 'unreadable' })
  )

  it('tells empty from unreadable', () => expect(readGestationalAge('  ')).toEqual({ kind: 'empty' }))
})

describe('birth weight as typed', () => {
  it.each([
    ['1250', 1250],
    ['1250 g', 1250],
    ['1,250g', 1250],
    ['1.25 kg', 1250],
    ['1,25kg', 1250],
    ['0.685kg', 685],
    ['1.25', 1.25]
  ])('reads %s as %d grams', (text, grams) => expect(readBirthWeight(text)).toEqual(value(grams)))

  it.each(['heavy', '12 50', '1.2.5', '2 lb', '-900'])('does not guess at %s', text =>
    expect(readBirthWeight(text)).toEqual({ kind: 'unreadable' })
  )

  it('tells empty from unreadable', () => expect(readBirthWeight('')).toEqual({ kind: 'empty' }))
})
