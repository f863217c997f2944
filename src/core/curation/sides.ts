import { NeoGateError } from '../foundation'

/** The three parts of a split. */
export const SIDES = ['train', 'validation', 'test'] as const
export type Side = (typeof SIDES)[number]

/** Shares of the films for train, validation and test, in this order; they sum to 1. */
export type Proportions = readonly [number, number, number]

/** 34,598, 4,370 and 4,370 of 43,338 films, as in the CCGN paper. */
export const PAPER_PROPORTIONS: Proportions = [34_598 / 43_338, 4_370 / 43_338, 4_370 / 43_338]

const TOLERANCE = 1e-6

/**
 * Reads three shares given as fractions of 1 or as percentages.
 * @throws NeoGateError INVALID_INPUT where they are not three positive numbers that sum to 1 or to 100
 */
export function readProportions(shares: readonly number[]): Proportions {
  const sum = shares.reduce((total, share) => total + share, 0)
  const whole = [1, 100].find(total => Math.abs(sum - total) <= TOLERANCE * total)
  if (shares.length !== SIDES.length || !shares.every(share => share > 0) || whole === undefined) {
    throw new NeoGateError(
      'INVALID_INPUT',
      `The proportions ${shares.join(', ')} are not three positive shares that sum to 100 or to 1.`,
      { field: 'proportions', remedy: 'Give train, validation and test, such as 80, 10, 10.' }
    )
  }
  const [train, validation, test] = shares as [number, number, number]
  return [train / whole, validation / whole, test / whole]
}
