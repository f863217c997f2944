import { describe, expect, it } from 'vitest'
import { UsageError } from './command'
import { choiceOption, gestationalAgeOption, integerOption, requiredOption } from './options'

describe('options', () => {
  it.each([
    ['29w3d', 206],
    ['29W3D', 206],
    ['29+3', 206],
    ['29w', 203],
    ['206d', 206],
    ['22+0', 154]
  ])('reads the gestational age %s as %i days', (text, days) => {
    expect(gestationalAgeOption({ ga: text }, 'ga')).toBe(days)
  })

  it.each(['29', '29.43', '29w7d', '29+9', '', 'w3', '1206d'])(
    'refuses the ambiguous or wrong age %j',
    text => {
      expect(() => gestationalAgeOption({ ga: text }, 'ga')).toThrow(UsageError)
    }
  )

  it('tells an absent number from a wrong one', () => {
    expect(integerOption({}, 'bw')).toBeNull()
    expect(integerOption({ bw: '1250' }, 'bw')).toBe(1250)
    for (const wrong of ['1250g', '-5', '1.5', '', true]) {
      expect(() => integerOption({ bw: wrong }, 'bw')).toThrow(/--bw takes a whole number/)
    }
  })

  it('takes one of the words offered', () => {
    expect(choiceOption({}, 'scope', ['head', 'all'], 'head')).toBe('head')
    expect(choiceOption({}, 'provider', ['cpu'], null)).toBeNull()
    expect(choiceOption({ scope: 'all' }, 'scope', ['head', 'all'], 'head')).toBe('all')
    expect(() => choiceOption({ scope: 'tail' }, 'scope', ['head', 'all'], 'head')).toThrow(
      '--scope takes head, all.'
    )
  })

  it('names the option that is missing', () => {
    expect(() => requiredOption({}, 'out')).toThrow('--out is required.')
  })
})
