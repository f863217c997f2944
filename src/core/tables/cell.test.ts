import { describe, expect, it } from 'vitest'
import { foldValue, isFormula, quoteCell } from './cell'

describe('isFormula', () => {
  it.each([
    '=1+1',
    '  =A1',
    '@SUM(A1)',
    '+cmd|/c calc',
    '-cmd',
    '+A1',
    '-2+3',
    '=HYPERLINK("x")',
    '\t=1',
    '＝1',
    '="0012"'
  ])('sees %j', cell => expect(isFormula(cell)).toBe(true))
  it.each(['29+3', '-', '--', '-1', '+1.5', '- 1', 'a=b', 'x@y', '', 'RDS-TTN'])('lets %j through', cell =>
    expect(isFormula(cell)).toBe(false)
  )
})

it('compares values without case, Unicode form and white space', () => {
  expect(foldValue('  Air   LEAK ')).toBe('air leak')
  expect(foldValue('정상'.normalize('NFD'))).toBe('정상')
})

it('quotes cells on one short line', () => {
  expect(quoteCell('a\nb')).toBe('"a b"')
  expect(quoteCell('x'.repeat(100))).toHaveLength(42)
})
