import { formatGestationalAge, GA_RANGE_DAYS } from '../../domain'
import { isMissing, quoteCell } from '../cell'
import type { ParsedValue } from './parsed-value'

/** How a bare number is to be read. Written-out forms (29+3, 29w3d, 29 3/7, 29주 3일, 206 d) mean the same in each. */
export type GaUnit = 'weeks+days' | 'decimal-weeks' | 'days'

const WEEK_WORD = String.raw`(?:w(?:k|ks|eeks?)?\.?|주)`
const DAY_WORD = String.raw`(?:d(?:ays?)?\.?|일)`
const WEEKS_AND_DAYS = new RegExp(
  String.raw`^(\d{1,3})\s*(?:${WEEK_WORD}\s*\+?|\+)\s*(\d{1,2})\s*(?:/\s*7|${DAY_WORD})?$`,
  'i'
)
const SEVENTHS = /^(\d{1,3})\s+(\d{1,2})\s*\/\s*7$/
const WEEKS_ONLY = new RegExp(String.raw`^(\d{1,3})(?:[.,](\d+))?\s*${WEEK_WORD}$`, 'i')
const DAYS_ONLY = new RegExp(String.raw`^(\d{1,4})\s*${DAY_WORD}$`, 'i')
const NUMBER = /^\+?(\d{1,4})(?:[.,](\d+))?$/

/** True where the cell says by itself which unit it is in. */
export function isWrittenOutGestationalAge(cell: string): boolean {
  const text = cell.normalize('NFKC').trim()
  return [WEEKS_AND_DAYS, SEVENTHS, WEEKS_ONLY, DAYS_ONLY].some(form => form.test(text))
}

function inRange(days: number, cell: string, hint = ''): ParsedValue<number> {
  if (days >= GA_RANGE_DAYS.low && days <= GA_RANGE_DAYS.high) return { value: days }
  const range = `${formatGestationalAge(GA_RANGE_DAYS.low)} to ${formatGestationalAge(GA_RANGE_DAYS.high)} weeks`
  return { reason: 'ga-out-of-range', detail: `${quoteCell(cell)} is outside ${range}${hint}.` }
}

function fromWeeksAndDays(weeks: number, days: number, cell: string): ParsedValue<number> {
  if (days > 6) {
    return {
      reason: 'ga-unreadable',
      detail: `${quoteCell(cell)} has ${days} days beside the weeks; 0 to 6 are possible.`
    }
  }
  return inRange(weeks * 7 + days, cell)
}

function fromBareNumber(
  whole: string,
  fraction: string | undefined,
  unit: GaUnit,
  cell: string
): ParsedValue<number> {
  const number = Number(`${whole}.${fraction ?? '0'}`)
  switch (unit) {
    case 'days':
      if (!Number.isInteger(number)) {
        return { reason: 'ga-unreadable', detail: `${quoteCell(cell)} is not a whole number of days.` }
      }
      return inRange(number, cell, number <= 45 ? '; it looks like weeks' : '')
    case 'decimal-weeks':
      return inRange(Math.round(number * 7), cell, number >= GA_RANGE_DAYS.low ? '; it looks like days' : '')
    case 'weeks+days':
      if (fraction !== undefined && !/^[0-6]0*$/.test(fraction)) {
        return {
          reason: 'ga-unreadable',
          detail: `${quoteCell(cell)} cannot be weeks.days; choose decimal weeks if 0.5 means half a week.`
        }
      }
      return number >= GA_RANGE_DAYS.low
        ? inRange(Number(whole) * 7, cell, '; it looks like days')
        : fromWeeksAndDays(Number(whole), Number(fraction?.[0] ?? 0), cell)
  }
}

/**
 * Gestational age in days from a cell such as 29+3, 29w3d, 29 3/7, 29주 3일, 206 d, 29.43 or 206. Decimal point or comma.
 * Whole weeks count as that week + 0 days. Refused: 'ga-unreadable', 'ga-out-of-range'.
 */
export function parseGestationalAge(cell: string, unit: GaUnit): ParsedValue<number> {
  const text = cell.normalize('NFKC').trim()
  if (isMissing(text)) return { value: null }
  const pair = WEEKS_AND_DAYS.exec(text) ?? SEVENTHS.exec(text)
  if (pair) return fromWeeksAndDays(Number(pair[1]), Number(pair[2]), cell)
  const weeks = WEEKS_ONLY.exec(text)
  if (weeks) return fromBareNumber(weeks[1]!, weeks[2], weeks[2] ? 'decimal-weeks' : 'weeks+days', cell)
  const days = DAYS_ONLY.exec(text)
  if (days) return fromBareNumber(days[1]!, undefined, 'days', cell)
  const number = NUMBER.exec(text)
  if (number) return fromBareNumber(number[1]!, number[2], unit, cell)
  return { reason: 'ga-unreadable', detail: `${quoteCell(cell)} is not a gestational age.` }
}

/** Gestational age in days from two cells, whole weeks and days beside them (KNN: gaw, gawd); no days cell means + 0. */
export function parseWeeksAndExtraDays(weeksCell: string, daysCell: string): ParsedValue<number> {
  const weeks = weeksCell.normalize('NFKC').trim()
  const days = daysCell.normalize('NFKC').trim()
  if (isMissing(weeks)) return { value: null }
  const wholeWeeks = /^(\d{1,3})(?:[.,]0+)?$/.exec(weeks)
  const wholeDays = isMissing(days) ? ['', '0'] : /^(\d{1,3})(?:[.,]0+)?$/.exec(days)
  const both = `${weeksCell.trim()} + ${daysCell.trim() || '0'}`
  if (!wholeWeeks || !wholeDays) {
    return {
      reason: 'ga-unreadable',
      detail: `${quoteCell(both)} is not a whole number of weeks and of days.`
    }
  }
  return fromWeeksAndDays(Number(wholeWeeks[1]), Number(wholeDays[1]), both)
}
