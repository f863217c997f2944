import { isMissing, quoteCell } from '../cell'
import type { ParsedValue } from './parsed-value'

const DATE = String.raw`(\d{4})(?:[-/.]\s*|년\s*)(\d{1,2})(?:[-/.]\s*|월\s*)(\d{1,2})(?:일|\.)?`
const TIME = String.raw`(?:(AM|PM|오전|오후)\s*)?(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(AM|PM)?`
const ZONE = String.raw`\s*(Z|[+-]\d{2}:?\d{2})?`
const SEPARATED = new RegExp(`^${DATE}(?:[T\\s]\\s*${TIME}${ZONE})?$`, 'i')
const COMPACT = /^(\d{4})(\d{2})(\d{2})(?:[T ]?(\d{2})(\d{2})(\d{2})?(?:\.\d+)?)?$/
const COMPACT_WITH_CLOCK = /^(\d{4})(\d{2})(\d{2})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?$/

const two = (value: number) => String(value).padStart(2, '0')

function isCalendarDate(year: number, month: number, day: number): boolean {
  if (year < 1900 || year > 2200) return false
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

function hourOf24(hour: number, half: string | undefined): number | null {
  if (!half) return hour <= 23 ? hour : null
  if (hour < 1 || hour > 12) return null
  return (hour % 12) + (/pm|오후/i.test(half) ? 12 : 0)
}

/**
 * A date, 'YYYY-MM-DD', or local date-time, 'YYYY-MM-DDTHH:MM:SS' with the zone appended where the cell gives one, from
 * ISO 8601, yyyymmdd[hhmm[ss]], yyyy/mm/dd, yyyy.mm.dd or 2023년 1월 5일, with 12- or 24-hour time.
 * Refused: 'time-unreadable', 'time-excel-serial', 'time-ambiguous'.
 */
export function parseDateTime(cell: string): ParsedValue<string> {
  const text = cell.normalize('NFKC').trim()
  if (isMissing(text)) return { value: null }
  const unreadable: ParsedValue<string> = {
    reason: 'time-unreadable',
    detail: `${quoteCell(cell)} is not a date; write YYYY-MM-DD or YYYY-MM-DD HH:MM.`
  }
  if (/^\d{5}(?:[.,]\d+)?$/.test(text)) {
    return {
      reason: 'time-excel-serial',
      detail: `${quoteCell(cell)} is a spreadsheet's day count; format the column as YYYY-MM-DD HH:MM and save again.`
    }
  }
  if (/^\d{1,2}[-/.]\d{1,2}[-/.]\d{4}(?:\D|$)/.test(text)) {
    return {
      reason: 'time-ambiguous',
      detail: `${quoteCell(cell)} does not tell day from month; write YYYY-MM-DD.`
    }
  }

  const separated = SEPARATED.exec(text)
  const compact = separated ? null : (COMPACT.exec(text) ?? COMPACT_WITH_CLOCK.exec(text))
  const parts = separated ?? compact
  if (!parts) return unreadable
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])]
  if (!isCalendarDate(year, month, day)) return unreadable
  const date = `${parts[1]}-${two(month)}-${two(day)}`

  const [hourText, minuteText, secondText] = separated ? separated.slice(5, 8) : compact!.slice(4, 7)
  if (hourText === undefined) return { value: date }
  const hour = hourOf24(Number(hourText), separated ? (separated[4] ?? separated[8]) : undefined)
  const minute = Number(minuteText)
  const second = Number(secondText ?? 0)
  if (hour === null || minute > 59 || second > 59) return unreadable
  return { value: `${date}T${two(hour)}:${two(minute)}:${two(second)}${separated?.[9]?.toUpperCase() ?? ''}` }
}
