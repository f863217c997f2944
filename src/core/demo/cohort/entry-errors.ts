import type { Random } from '../../foundation'

/** GA and BW as someone typed them into the table. */
export interface EnteredContext {
  gaWeeks: string
  gaExtraDays: string
  bw: string
}

/** Ways in which GA and BW go wrong on their way into a table. */
export const CONTEXT_ERRORS = [
  'bw-in-kg',
  'ga-in-days',
  'digits-swapped',
  'fields-swapped',
  'pma-for-ga'
] as const
export type ContextError = (typeof CONTEXT_ERRORS)[number]

export function enterContext(gaDays: number, bwGrams: number): EnteredContext {
  return { gaWeeks: String(Math.floor(gaDays / 7)), gaExtraDays: String(gaDays % 7), bw: String(bwGrams) }
}

/** First two digits of a number the other way round. */
function swapDigits(text: string): string {
  return text[1]! + text[0]! + text.slice(2)
}

/**
 * The entry with one error in it. Errors that this infant's values cannot show (nothing to swap, no late film for a
 * post-menstrual age) fall back to kilograms.
 * @param lastHours age at the last film, for a post-menstrual age typed as GA
 */
export function spoilContext(
  kind: ContextError,
  gaDays: number,
  bwGrams: number,
  lastHours: number,
  random: Random
): { kind: ContextError; entered: EnteredContext } {
  const entered = enterContext(gaDays, bwGrams)
  const inKilograms = { kind: 'bw-in-kg' as const, entered: { ...entered, bw: (bwGrams / 1000).toFixed(2) } }
  switch (kind) {
    case 'bw-in-kg':
      return inKilograms
    case 'ga-in-days':
      return { kind, entered: { ...entered, gaWeeks: String(gaDays), gaExtraDays: '0' } }
    case 'fields-swapped':
      return { kind, entered: { ...entered, gaWeeks: entered.bw, bw: entered.gaWeeks } }
    case 'digits-swapped': {
      const inWeight = random.chance(0.6) && entered.bw[0] !== entered.bw[1] && entered.bw[1] !== '0'
      if (inWeight) return { kind, entered: { ...entered, bw: swapDigits(entered.bw) } }
      if (entered.gaWeeks[0] === entered.gaWeeks[1]) return inKilograms
      return { kind, entered: { ...entered, gaWeeks: swapDigits(entered.gaWeeks) } }
    }
    case 'pma-for-ga': {
      const pma = gaDays + Math.round(lastHours / 24)
      if (pma - gaDays < 14) return inKilograms
      return { kind, entered: { ...enterContext(pma, bwGrams) } }
    }
  }
}
