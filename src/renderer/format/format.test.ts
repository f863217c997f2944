import { describe, expect, it } from 'vitest'
import {
  baseName,
  folderName,
  formatBirthWeight,
  formatBytes,
  formatClock,
  formatElapsed,
  formatFilmTime,
  formatGestationalAge,
  formatHoursOfLife,
  formatInstant,
  formatMetric,
  formatPercent,
  formatSigned,
  formatTimeLeft,
  joinPath,
  parseGestationalAge,
  relativePath,
  revisionLine
} from '.'

describe('gestational age', () => {
  it('is written as completed weeks and days', () => {
    expect(formatGestationalAge(206)).toBe('29+3')
    expect(formatGestationalAge(280)).toBe('40+0')
    expect(formatGestationalAge(null)).toBe('–')
  })

  it.each([
    ['29+3', 206],
    ['29w3d', 206],
    ['29W', 203],
    ['29주 3일', 206],
    ['29 3', 206],
    ['29+', 203],
    ['29.43', 206],
    ['40', 280],
    ['206', 206]
  ])('reads %s', (text, days) => expect(parseGestationalAge(text)).toBe(days))

  it.each(['29+7', '29-3', 'abc', '', '2', '1250'])('does not guess at "%s"', text => {
    expect(parseGestationalAge(text)).toBeNull()
  })
})

describe('numbers', () => {
  it('never rounds a share to certainty', () => {
    expect(formatPercent(0.9999)).toBe('>99%')
    expect(formatPercent(0.0001)).toBe('<1%')
    expect(formatPercent(1)).toBe('100%')
    expect(formatPercent(0)).toBe('0%')
    expect(formatPercent(0.834)).toBe('83%')
  })

  it('writes metrics with three decimals, differences with a sign, and neither as -0', () => {
    expect([0.61234, 1, null].map(formatMetric)).toEqual(['0.612', '1.000', '–'])
    expect([0.0124, -0.2, -0.0001].map(formatSigned)).toEqual(['+0.012', '−0.200', '0.000'])
  })

  it('writes weights and sizes with their unit', () => {
    expect(formatBirthWeight(1250)).toBe('1250 g')
    expect(formatBytes(2_097_152, 'en')).toBe('2 MiB')
    expect(formatBytes(1536, 'en')).toBe('1.5 KiB')
    expect(formatBytes(0, 'en')).toBe('0 B')
  })
})

describe('durations', () => {
  it('never promises less time than is left', () => {
    expect(formatTimeLeft(0.2)).toEqual({ key: 'timeLeft.seconds', n: 1 })
    expect(formatTimeLeft(41)).toEqual({ key: 'timeLeft.seconds', n: 45 })
    expect(formatTimeLeft(91)).toEqual({ key: 'timeLeft.minutes', n: 2 })
    expect(formatTimeLeft(5401)).toEqual({ key: 'timeLeft.hours', n: 2 })
  })

  it('says nothing where nothing is known', () => {
    expect([null, Number.NaN, Number.POSITIVE_INFINITY, -1].map(formatTimeLeft)).toEqual([
      null,
      null,
      null,
      null
    ])
  })

  it('writes hours of life as a neonatologist counts them', () => {
    expect([0.4, 6, 47.4, 48, 76, 250, -2].map(hours => formatHoursOfLife(hours))).toEqual([
      '0 h',
      '6 h',
      '47 h',
      '2 d',
      '3 d 4 h',
      '10 d',
      '−2 h'
    ])
    expect(formatHoursOfLife(76, 'ko')).toBe('3일 4시간')
  })

  it('writes how long a job took', () => {
    expect(formatElapsed('2026-01-01T00:00:00.000Z', '2026-01-01T00:03:05.200Z')).toBe('3:05')
    expect(formatElapsed('2026-01-01T00:00:00.000Z', '2026-01-01T01:02:03.000Z')).toBe('1:02:03')
    expect(formatElapsed('2026-01-01T00:00:00.000Z', null)).toBeNull()
  })

  it('keeps the hospital’s own time of a film', () => {
    expect(formatFilmTime('2024-03-01T07:35:21')).toBe('2024-03-01 07:35')
    expect(formatFilmTime('2024-03-01')).toBe('2024-03-01')
    expect(formatFilmTime(null)).toBe('–')
  })
})

describe('paths', () => {
  it('follow the separator of the machine that runs the core', () => {
    expect(joinPath('/data/nicu', 'a')).toBe('/data/nicu/a')
    expect(joinPath('C:\\data\\', 'a')).toBe('C:\\data\\a')
    expect(baseName('C:\\data\\nicu')).toBe('nicu')
    expect(relativePath('/data/nicu', '/data/nicu/old/t.csv')).toBe('old/t.csv')
    expect(relativePath('/data/nicu', '/data/nicu2/t.csv')).toBe('/data/nicu2/t.csv')
  })

  it('make a folder name that every system allows', () => {
    expect(folderName(' NICU: 2023/2024? ')).toBe('NICU- 2023-2024-')
    expect(folderName('신생아 흉부.')).toBe('신생아 흉부')
    expect(folderName('...')).toBe('')
  })
})

describe('history entries', () => {
  it('are told by their old and new values', () => {
    const label = { diagnosis: 'TTN', certainty: 'unsure', comment: '' }
    expect(revisionLine({ kind: 'label', old: null, new: label })).toBe('– → TTN?')
    const context = { gaDays: 206, bwGrams: 1250, sex: 'M' }
    expect(revisionLine({ kind: 'clinical-context', old: { ...context, gaDays: null }, new: context })).toBe(
      '–, 1250 g, M → 29+3, 1250 g, M'
    )
  })

  it('name the models of a promotion', () => {
    const model = (name: string) => ({ modelId: name, hash: name, name })
    expect(revisionLine({ kind: 'promotion', old: model('First'), new: model('Second') })).toBe(
      'First → Second'
    )
    expect(revisionLine({ kind: 'promotion', old: null, new: model('First') })).toBe('– → First')
  })

  it('survive values of another shape', () => {
    expect(revisionLine({ kind: 'label', old: undefined, new: {} })).toBe('– → –')
  })
})

describe('moments', () => {
  // Local time, as it is shown.
  const afternoon = new Date(2026, 10, 24, 16, 34, 49).toISOString()
  const midnight = new Date(2026, 10, 24, 0, 5, 0).toISOString()

  it('have hours from 0 to 23 in either language', () => {
    expect(formatInstant(afternoon, 'en')).toBe('Nov 24, 2026, 16:34')
    expect(formatInstant(afternoon, 'ko')).toBe('2026. 11. 24. 16:34')
    expect([formatClock(afternoon, 'en'), formatClock(midnight, 'en')]).toEqual(['16:34:49', '00:05:00'])
    expect(formatClock(midnight, 'ko')).toBe('0:05:00')
  })
})
