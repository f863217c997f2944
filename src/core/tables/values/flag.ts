import { foldValue, isMissing, quoteCell } from '../cell'
import type { ParsedValue } from './parsed-value'

const YES = new Set([
  '1',
  '1.0',
  'true',
  't',
  'yes',
  'y',
  'o',
  '+',
  'positive',
  'present',
  '예',
  '있음',
  '양성',
  '유'
])
const NO = new Set([
  '0',
  '0.0',
  'false',
  'f',
  'no',
  'n',
  '-',
  'negative',
  'absent',
  '아니오',
  '없음',
  '음성',
  '무'
])

/** A yes-or-no cell; null where it is empty or says 'unknown'. X is refused: it marks a class on some forms and denies it on others. */
export function parseFlag(cell: string): ParsedValue<boolean> {
  const folded = foldValue(cell)
  if (YES.has(folded)) return { value: true }
  if (NO.has(folded)) return { value: false }
  if (isMissing(cell)) return { value: null }
  return { reason: 'label-unknown', detail: `${quoteCell(cell)} is neither yes nor no.` }
}
