import { isMissing } from './cell'
import { isWrittenOutBirthWeight, type BwUnit } from './values/birth-weight'
import { isWrittenOutGestationalAge, type GaUnit } from './values/gestational-age'

export interface UnitGuess<Unit> {
  unit: Unit
  /** Set where the values do not settle it. */
  doubt: { reason: 'unit-ambiguous' | 'unit-mixed'; detail: string } | null
}

/**
 * One-digit fractions are all 0 to 6 in weeks.days; in decimal weeks 3 of 10 would be 7, 8 or 9, so that 20 such values
 * without one are decimal with a chance of 0.7^20 < 0.1 %.
 */
const SURE_WEEKS_DAYS = 20

const bareNumber = (cell: string) => /^\+?(\d{1,4})(?:[.,](\d+))?$/.exec(cell.normalize('NFKC').trim())

/** What bare numbers in a GA column are: 206 is days, 29.43 decimal weeks, 29.3 one or the other. */
export function inferGaUnit(cells: readonly string[]): UnitGuess<GaUnit> {
  let days = 0
  let weeks = 0
  let decimal = 0
  let either = 0
  for (const cell of cells) {
    if (isMissing(cell) || isWrittenOutGestationalAge(cell)) continue
    const number = bareNumber(cell)
    if (!number) continue
    if (Number(number[1]) >= 100) days++
    else if (number[2] === undefined || /^0+$/.test(number[2])) weeks++
    else if (/^[1-6]$/.test(number[2])) either++
    else decimal++
  }
  const inWeeks = weeks + decimal + either
  const unitOfWeeks: GaUnit = decimal > 0 ? 'decimal-weeks' : 'weeks+days'
  if (days > 0 && inWeeks > 0) {
    const detail = `${days} values look like days, ${inWeeks} like weeks`
    return { unit: days >= inWeeks ? 'days' : unitOfWeeks, doubt: { reason: 'unit-mixed', detail } }
  }
  if (days > 0) return { unit: 'days', doubt: null }
  if (decimal === 0 && either > 0 && either < SURE_WEEKS_DAYS) {
    const detail = `${either} values such as 29.3 may be 29 weeks 3 days or 29.3 weeks`
    return { unit: 'weeks+days', doubt: { reason: 'unit-ambiguous', detail } }
  }
  return { unit: unitOfWeeks, doubt: null }
}

/** Birth weights below 10 are kilograms, from 100 grams; nothing that is born lies between. */
export function inferBwUnit(cells: readonly string[]): UnitGuess<BwUnit> {
  let grams = 0
  let kilograms = 0
  for (const cell of cells) {
    if (isMissing(cell) || isWrittenOutBirthWeight(cell)) continue
    const text = cell.normalize('NFKC').trim()
    const grouped = /^[1-9]\d?[.,]\d{3}$/.test(text) && !/^[1-9][.,]\d{3}$/.test(text)
    const number = Number(text.replace(',', '.'))
    // 1.250 and 1,250 are 1250 g in either unit.
    if (grouped || /^[1-9][.,]\d{3}$/.test(text) || !Number.isFinite(number) || number <= 0) continue
    if (number < 10) kilograms++
    else if (number >= 100) grams++
  }
  const unit: BwUnit = kilograms > grams ? 'kg' : 'g'
  if (Math.min(grams, kilograms) === 0) return { unit, doubt: null }
  const detail = `${grams} values look like grams, ${kilograms} like kilograms`
  return { unit, doubt: { reason: 'unit-mixed', detail } }
}
