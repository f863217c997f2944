import { BIRTH_WEIGHT_TABLE, TABLE_FIRST_DAY, TABLE_LAST_DAY, TABLE_SDS } from './birth-weight-table'

const FORMULA_FIRST_DAY = 168
const FORMULA_SD = Math.sqrt(0.0373218)

/** First and last day of gestation with a published value; beyond them a standard is only continued. */
export const PUBLISHED_DAYS = { first: FORMULA_FIRST_DAY, last: TABLE_LAST_DAY }

/**
 * Birth weight z-score by INTERGROWTH-21st for one sex.
 *
 * Up to 32+6: ln(kg) is normal with mean -7.00303 + 1.325911 sqrt(weeks) + 0.0571937 [male] and variance 0.0373218 (very
 * preterm size at birth; Villar J et al., Lancet 2016;387:844-845). From 33+0: linear in ln(kg) between the published SD
 * columns, and beyond +-3 along the outermost interval, which serves to tell how gross an error is, not to measure an
 * infant. Outside the published 24+0 to 42+6 the formula is continued downwards and the last day is held upwards;
 * referenceName says so.
 * @param gaDays 154 to 314
 * @param bwGrams above 0
 */
export function birthWeightZScore(gaDays: number, bwGrams: number, sex: 'M' | 'F'): number {
  const logKilograms = Math.log(bwGrams / 1000)
  if (gaDays < TABLE_FIRST_DAY) {
    return (logKilograms - formulaMean(gaDays, sex)) / FORMULA_SD
  }
  const columns = logColumns(gaDays, sex)
  let upper = columns.findIndex(column => logKilograms < column)
  if (upper < 0) upper = columns.length - 1
  if (upper === 0) upper = 1
  const low = columns[upper - 1]!
  return TABLE_SDS[upper - 1]! + (logKilograms - low) / (columns[upper]! - low)
}

/** ln(kg) at 0 SD, before 33+0. */
function formulaMean(gaDays: number, sex: 'M' | 'F'): number {
  return -7.00303 + 1.325911 * Math.sqrt(gaDays / 7) + (sex === 'M' ? 0.0571937 : 0)
}

/** ln(kg) at the published SDs of one day, from 33+0 on. */
function logColumns(gaDays: number, sex: 'M' | 'F'): number[] {
  const day = Math.min(Math.floor(gaDays), TABLE_LAST_DAY) - TABLE_FIRST_DAY
  return BIRTH_WEIGHT_TABLE[sex][day]!.map(grams => Math.log(grams / 1000))
}

/** The weight in grams that has a z-score: birthWeightZScore the other way round. @param z from -3 to 3 */
export function birthWeightAt(gaDays: number, z: number, sex: 'M' | 'F'): number {
  if (gaDays < TABLE_FIRST_DAY) return 1000 * Math.exp(formulaMean(gaDays, sex) + z * FORMULA_SD)
  const columns = logColumns(gaDays, sex)
  const lower = Math.min(columns.length - 2, Math.max(0, Math.floor(z) - TABLE_SDS[0]))
  const share = z - TABLE_SDS[lower]!
  return 1000 * Math.exp(columns[lower]! + share * (columns[lower + 1]! - columns[lower]!))
}

/** For an infant of unknown sex the more forgiving of the two: the z-score nearer zero. */
export function plausibilityZScore(gaDays: number, bwGrams: number, sex: 'M' | 'F' | null): number {
  if (sex !== null) return birthWeightZScore(gaDays, bwGrams, sex)
  const male = birthWeightZScore(gaDays, bwGrams, 'M')
  const female = birthWeightZScore(gaDays, bwGrams, 'F')
  return Math.abs(male) < Math.abs(female) ? male : female
}

/** What a z-score at this age rests on, for the screen. */
export function referenceName(gaDays: number | null): string {
  if (gaDays !== null && gaDays < FORMULA_FIRST_DAY) {
    return 'INTERGROWTH-21st (no published value below 24+0: its formula continued)'
  }
  if (gaDays !== null && gaDays > TABLE_LAST_DAY) {
    return 'INTERGROWTH-21st (no published value above 42+6: that of 42+6)'
  }
  return 'INTERGROWTH-21st'
}
