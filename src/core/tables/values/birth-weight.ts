import { BW_RANGE_GRAMS } from '../../domain'
import { isMissing, quoteCell } from '../cell'
import type { ParsedValue } from './parsed-value'

/** How a bare number is to be read; '1.25kg' and '1250 g' mean the same in either. */
export type BwUnit = 'g' | 'kg'

const SUFFIXES: { pattern: RegExp; unit: BwUnit }[] = [
  { pattern: /\s*(?:kgs?|kilograms?|킬로그램|킬로)\.?$/i, unit: 'kg' },
  { pattern: /\s*(?:g|gm|gms|gr|grams?|그램|그람)\.?$/i, unit: 'g' }
]

/** The number and, where the cell names one, the unit. */
function splitUnit(text: string): { number: string; unit: BwUnit | null } {
  for (const { pattern, unit } of SUFFIXES) {
    if (pattern.test(text)) return { number: text.replace(pattern, ''), unit }
  }
  return { number: text, unit: null }
}

/** True where the cell says by itself which unit it is in. */
export function isWrittenOutBirthWeight(cell: string): boolean {
  return splitUnit(cell.normalize('NFKC').trim()).unit !== null
}

/**
 * Reads 1250, 1,250, 1.250, 1 250, 1'250, 1250.5 and 1,25. One separator before exactly three digits is a thousands
 * separator in grams and a decimal mark in kilograms; both give the same weight.
 */
function readNumber(text: string, unit: BwUnit): number | null {
  const plain = text.replace(/^\+/, '')
  if (/^\d{1,2}[ ']\d{3}$/.test(plain)) return Number(plain.replace(/[ ']/, ''))
  if (unit === 'g' && /^[1-9]\d?[.,]\d{3}$/.test(plain)) return Number(plain.replace(/[.,]/, ''))
  const grouped = /^([1-9]\d?)([.,])(\d{3})([.,])(\d+)$/.exec(plain)
  if (grouped && grouped[2] !== grouped[4]) return Number(`${grouped[1]}${grouped[3]}.${grouped[5]}`)
  return /^\d+(?:[.,]\d+)?$/.test(plain) ? Number(plain.replace(',', '.')) : null
}

/**
 * Birth weight in whole grams. Refused: 'bw-unreadable', 'bw-out-of-range'.
 * @param unit what a bare number is in
 */
export function parseBirthWeight(cell: string, unit: BwUnit): ParsedValue<number> {
  const text = cell.normalize('NFKC').trim()
  if (isMissing(text)) return { value: null }
  const written = splitUnit(text)
  const effectiveUnit = written.unit ?? unit
  const number = readNumber(written.number, effectiveUnit)
  if (number === null) return { reason: 'bw-unreadable', detail: `${quoteCell(cell)} is not a weight.` }
  const grams = Math.round(effectiveUnit === 'kg' ? number * 1000 : number)
  if (grams >= BW_RANGE_GRAMS.low && grams <= BW_RANGE_GRAMS.high) return { value: grams }
  const hint =
    effectiveUnit === 'g' && number > 0.2 && number <= 6.5
      ? '; it looks like kilograms'
      : effectiveUnit === 'kg' && number >= BW_RANGE_GRAMS.low && number <= BW_RANGE_GRAMS.high
        ? '; it looks like grams'
        : ''
  return {
    reason: 'bw-out-of-range',
    detail: `${quoteCell(cell)} read in ${effectiveUnit} is outside ${BW_RANGE_GRAMS.low} to ${BW_RANGE_GRAMS.high} g${hint}.`
  }
}
