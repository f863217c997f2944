import { expect, it } from 'vitest'
import { PAPER_METHODS } from '../../../contract'
import { SMALL_METHODS, wholeNumber } from './method-sets'

it('small methods are variants of the paper’s, in its order', () => {
  const places = SMALL_METHODS.map(id => PAPER_METHODS.indexOf(id.replace(/-small$/, '')))
  expect(places).not.toContain(-1)
  expect(places).toEqual([...places].sort((a, b) => a - b))
})

it('numbers are whole and within their range', () => {
  expect(wholeNumber(' 12 ', 1, 20)).toBe(12)
  for (const text of ['', '0', '21', '1.5', 'x', '1e99']) expect(wholeNumber(text, 1, 20)).toBe('invalid')
})
