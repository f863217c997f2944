import type { Random } from '../../foundation'

/** Median birth weight in grams at whole weeks 33 to 42 (INTERGROWTH-21st newborn size standards, z = 0). */
const MEDIAN_AT_TERM: Record<'M' | 'F', readonly number[]> = {
  M: [1950, 2220, 2470, 2690, 2890, 3080, 3240, 3380, 3510, 3620],
  F: [1850, 2130, 2380, 2600, 2800, 2970, 3130, 3260, 3370, 3460]
}
/** Standard deviation of ln BW: very preterm closed form, and the spread of the term tables at 40 weeks. */
const SD_VERY_PRETERM = Math.sqrt(0.0373218)
const SD_TERM = 0.122

/**
 * Median of ln(BW in grams). Up to 32+6 weeks the closed form of the INTERGROWTH-21st very preterm standards (Villar et
 * al., Lancet 2016;387:844); then the tabulated medians. Good enough to draw infants from; plausibility is judged
 * elsewhere, by the full tables.
 */
export function medianLogWeight(gaDays: number, sex: 'M' | 'F'): number {
  const weeks = gaDays / 7
  if (weeks < 33) {
    return Math.log(1000) - 7.00303 + 1.325911 * Math.sqrt(weeks) + (sex === 'M' ? 0.0571937 : 0)
  }
  const table = MEDIAN_AT_TERM[sex]
  const position = Math.min(table.length - 1.001, weeks - 33)
  const k = Math.floor(position)
  return Math.log(table[k]! + (position - k) * (table[k + 1]! - table[k]!))
}

function sdLogWeight(gaDays: number): number {
  const share = Math.min(1, Math.max(0, (gaDays - 231) / 49))
  return SD_VERY_PRETERM + share * (SD_TERM - SD_VERY_PRETERM)
}

/** A birth weight in grams: most infants near the median, 7 % small and 3 % large for their age. */
export function drawBirthWeight(gaDays: number, sex: 'M' | 'F', random: Random): number {
  const kind = random.next()
  const z =
    kind < 0.07 ? random.normal(-2.1, 0.4) : kind < 0.1 ? random.normal(2.1, 0.4) : random.normal(0, 0.85)
  const grams = Math.exp(medianLogWeight(gaDays, sex) + z * sdLogWeight(gaDays))
  // Scales in a nursery read to 10 g.
  return Math.min(5800, Math.max(320, Math.round(grams / 10) * 10))
}
