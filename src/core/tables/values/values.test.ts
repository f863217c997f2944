import { describe, expect, it } from 'vitest'
import { BW_RANGE_GRAMS, formatGestationalAge, GA_RANGE_DAYS } from '../../domain'
import { createRandom } from '../../foundation'
import { parseBirthWeight } from './birth-weight'
import { parseDateTime } from './date-time'
import { parseGestationalAge, parseWeeksAndExtraDays, type GaUnit } from './gestational-age'
import { knownSex } from './sex'

const GA_UNITS: GaUnit[] = ['weeks+days', 'decimal-weeks', 'days']
const SEED = 20_250_101

describe('parseGestationalAge', () => {
  it.each([
    '29+3',
    '29 + 3',
    '29+3/7',
    '29 3/7',
    '29w3d',
    '29W 3D',
    '29wk3',
    '29 weeks 3 days',
    '29weeks+3days',
    '29주 3일',
    '29주3일',
    '29주+3일',
    '２９＋３',
    '206d',
    '206 days',
    '206일'
  ])('reads %s as 206 days whatever the unit of bare numbers', cell => {
    for (const unit of GA_UNITS) expect(parseGestationalAge(cell, unit)).toEqual({ value: 206 })
  })

  it.each([
    ['206', 'days', 206],
    ['206.0', 'days', 206],
    ['29.43', 'decimal-weeks', 206],
    ['29,43', 'decimal-weeks', 206],
    ['29.4', 'decimal-weeks', 206],
    ['29', 'decimal-weeks', 203],
    ['29.3', 'weeks+days', 206],
    ['29.30', 'weeks+days', 206],
    ['29', 'weeks+days', 203],
    ['29주', 'days', 203],
    ['29.5w', 'days', 207],
    [' 40+0 ', 'weeks+days', 280]
  ] as const)('reads %s in %s as %i days', (cell, unit, days) =>
    expect(parseGestationalAge(cell, unit)).toEqual({ value: days })
  )

  it.each(['', '  ', '-', 'NA', 'n/a', 'unknown', '미상'])('takes %j for missing', cell =>
    expect(parseGestationalAge(cell, 'days')).toEqual({ value: null })
  )

  it.each([
    ['29+7', 'weeks+days', 'ga-unreadable'],
    ['29.43', 'weeks+days', 'ga-unreadable'],
    ['29.8', 'weeks+days', 'ga-unreadable'],
    ['206.5', 'days', 'ga-unreadable'],
    ['term', 'weeks+days', 'ga-unreadable'],
    ['29-30', 'weeks+days', 'ga-unreadable'],
    ['2023-01-05', 'weeks+days', 'ga-unreadable'],
    ['-29', 'weeks+days', 'ga-unreadable'],
    ['1e2', 'days', 'ga-unreadable'],
    ['61', 'weeks+days', 'ga-out-of-range'],
    ['206', 'weeks+days', 'ga-out-of-range'],
    ['206', 'decimal-weeks', 'ga-out-of-range'],
    ['29', 'days', 'ga-out-of-range'],
    ['21+6', 'weeks+days', 'ga-out-of-range'],
    ['45+0', 'weeks+days', 'ga-out-of-range']
  ] as const)('refuses %s in %s: %s', (cell, unit, reason) =>
    expect(parseGestationalAge(cell, unit)).toMatchObject({ reason })
  )

  it('gives back every possible age from every way of writing it', () => {
    for (let days = GA_RANGE_DAYS.low; days <= GA_RANGE_DAYS.high; days++) {
      const [weeks, extra] = [Math.floor(days / 7), days % 7]
      const written = [
        [formatGestationalAge(days), 'days'],
        [`${weeks}w${extra}d`, 'decimal-weeks'],
        [`${weeks} ${extra}/7`, 'days'],
        [`${weeks}주 ${extra}일`, 'weeks+days'],
        [`${weeks}.${extra}`, 'weeks+days'],
        [String(days), 'days'],
        [(days / 7).toFixed(2), 'decimal-weeks'],
        [(days / 7).toFixed(1), 'decimal-weeks'],
        [(days / 7).toFixed(3).replace('.', ','), 'decimal-weeks']
      ] as const
      for (const [cell, unit] of written)
        expect(parseGestationalAge(cell, unit), cell).toEqual({ value: days })
      expect(parseWeeksAndExtraDays(String(weeks), String(extra))).toEqual({ value: days })
    }
  })

  it('never throws and never gives a value out of range, whatever the cell', () => {
    const random = createRandom(SEED, 'ga')
    const alphabet = '0123456789+.,/ wd주일-=e\t"'
    for (let i = 0; i < 20_000; i++) {
      const cell = Array.from({ length: random.integer(0, 8) }, () => random.pick([...alphabet])).join('')
      const parsed = parseGestationalAge(cell, random.pick(GA_UNITS))
      if ('value' in parsed && parsed.value !== null) {
        expect(Number.isInteger(parsed.value)).toBe(true)
        expect(parsed.value).toBeGreaterThanOrEqual(GA_RANGE_DAYS.low)
        expect(parsed.value).toBeLessThanOrEqual(GA_RANGE_DAYS.high)
      }
    }
  })
})

describe('parseWeeksAndExtraDays', () => {
  it('takes no days for + 0 and no weeks for missing', () => {
    expect(parseWeeksAndExtraDays('29', '')).toEqual({ value: 203 })
    expect(parseWeeksAndExtraDays('29.0', '3.0')).toEqual({ value: 206 })
    expect(parseWeeksAndExtraDays('', '3')).toEqual({ value: null })
    expect(parseWeeksAndExtraDays('29', '9')).toMatchObject({ reason: 'ga-unreadable' })
    expect(parseWeeksAndExtraDays('29.5', '3')).toMatchObject({ reason: 'ga-unreadable' })
  })
})

describe('parseBirthWeight', () => {
  it.each([
    ['1250', 'g', 1250],
    ['1,250', 'g', 1250],
    ['1.250', 'g', 1250],
    ['1 250', 'g', 1250],
    ['1\u00a0250', 'g', 1250],
    ["1'250", 'g', 1250],
    ['1250.0', 'g', 1250],
    ['1,250.4', 'g', 1250],
    ['1.250,4', 'g', 1250],
    ['1250g', 'kg', 1250],
    ['1250 그램', 'kg', 1250],
    ['1.25kg', 'g', 1250],
    ['1,25 KG', 'g', 1250],
    ['1.25', 'kg', 1250],
    ['1,250', 'kg', 1250],
    ['0.680', 'kg', 680],
    ['４８０', 'g', 480]
  ] as const)('reads %s in %s as %i g', (cell, unit, grams) =>
    expect(parseBirthWeight(cell, unit)).toEqual({ value: grams })
  )

  it.each([
    ['1.25', 'g', 'bw-out-of-range', 'kilograms'],
    ['1250', 'kg', 'bw-out-of-range', 'grams'],
    ['0', 'g', 'bw-out-of-range', ''],
    ['99999', 'g', 'bw-out-of-range', ''],
    ['-1250', 'g', 'bw-unreadable', ''],
    ['1250 lb', 'g', 'bw-unreadable', ''],
    ['1,2,50', 'g', 'bw-unreadable', ''],
    ['1e3', 'g', 'bw-unreadable', '']
  ] as const)('refuses %s in %s: %s', (cell, unit, reason, hint) => {
    const parsed = parseBirthWeight(cell, unit)
    expect(parsed).toMatchObject({ reason })
    expect('detail' in parsed && parsed.detail).toContain(hint)
  })

  it('gives back every weight from every way of writing it', () => {
    for (let grams = BW_RANGE_GRAMS.low; grams <= BW_RANGE_GRAMS.high; grams++) {
      const grouped = (mark: string) =>
        grams >= 1000
          ? `${Math.floor(grams / 1000)}${mark}${String(grams % 1000).padStart(3, '0')}`
          : String(grams)
      for (const cell of [String(grams), grouped(','), grouped('.'), grouped(' '), `${grams} g`]) {
        expect(parseBirthWeight(cell, 'g'), cell).toEqual({ value: grams })
      }
      const kilograms = (grams / 1000).toFixed(3)
      for (const cell of [kilograms, kilograms.replace('.', ','), `${kilograms}kg`]) {
        expect(parseBirthWeight(cell, 'kg'), cell).toEqual({ value: grams })
      }
    }
  })
})

describe('parseDateTime', () => {
  it.each([
    ['2023-01-05', '2023-01-05'],
    ['20230105', '2023-01-05'],
    ['2023/1/5', '2023-01-05'],
    ['2023.01.05', '2023-01-05'],
    ['2023. 1. 5.', '2023-01-05'],
    ['2023년 1월 5일', '2023-01-05'],
    ['2023-01-05T03:20', '2023-01-05T03:20:00'],
    ['2023-01-05T03:20:07.123Z', '2023-01-05T03:20:07Z'],
    ['2023-01-05 03:20:07+09:00', '2023-01-05T03:20:07+09:00'],
    ['2023/01/05 3:20', '2023-01-05T03:20:00'],
    ['20230105 03:20', '2023-01-05T03:20:00'],
    ['202301050320', '2023-01-05T03:20:00'],
    ['20230105032007', '2023-01-05T03:20:07'],
    ['20230105T032007', '2023-01-05T03:20:07'],
    ['2023-01-05 오후 3:20', '2023-01-05T15:20:00'],
    ['2023-01-05 오전 12:20:01', '2023-01-05T00:20:01'],
    ['2023-01-05 12:00 PM', '2023-01-05T12:00:00'],
    ['2024-02-29', '2024-02-29']
  ])('reads %s', (cell, time) => expect(parseDateTime(cell)).toEqual({ value: time }))

  it.each([
    ['44927', 'time-excel-serial'],
    ['44927.5', 'time-excel-serial'],
    ['05/01/2023', 'time-ambiguous'],
    ['5.1.2023 03:20', 'time-ambiguous'],
    ['2023-02-29', 'time-unreadable'],
    ['2023-13-01', 'time-unreadable'],
    ['2023-01-05 25:00', 'time-unreadable'],
    ['2023-01-05 13:00 PM', 'time-unreadable'],
    ['23-01-05', 'time-unreadable'],
    ['yesterday', 'time-unreadable']
  ])('refuses %s: %s', (cell, reason) => expect(parseDateTime(cell)).toMatchObject({ reason }))

  it('takes no time for missing', () => expect(parseDateTime(' - ')).toEqual({ value: null }))
})

describe('knownSex', () => {
  it('knows words and the codes of ISO/IEC 5218, but no code where 0 occurs', () => {
    expect(['M', 'male', '남아', '1'].map(value => knownSex(value))).toEqual(['M', 'M', 'M', 'M'])
    expect(['f', 'Female', '여', '2'].map(value => knownSex(value))).toEqual(['F', 'F', 'F', 'F'])
    expect(['3', '0', 'x'].map(value => knownSex(value))).toEqual([null, null, null])
    expect(knownSex('1', true)).toBeNull()
    expect(knownSex('M', true)).toBe('M')
  })
})
