/** GA in days since the last menstrual period, BW in grams: the only units inside NeoGate. */
export interface ClinicalContext {
  gaDays: number | null
  bwGrams: number | null
  sex: 'M' | 'F' | null
}

/** Hard ranges of design/workstation: outside them a value is refused, not merely flagged. */
export const GA_RANGE_DAYS = { low: 154, high: 314 } as const
export const BW_RANGE_GRAMS = { low: 200, high: 6500 } as const

/** '29+3' for 206 days. */
export function formatGestationalAge(days: number): string {
  return `${Math.floor(days / 7)}+${days % 7}`
}

/** GA bands in completed weeks, lowest first; a film without GA is in band 'unknown'. */
export const GA_BANDS = ['<28', '28-31', '32-33', '34-36', '>=37'] as const
export type GaBand = (typeof GA_BANDS)[number] | 'unknown'

export function gaBand(gaDays: number | null): GaBand {
  if (gaDays === null) return 'unknown'
  const weeks = Math.floor(gaDays / 7)
  return weeks < 28 ? '<28' : weeks < 32 ? '28-31' : weeks < 34 ? '32-33' : weeks < 37 ? '34-36' : '>=37'
}

/** Bands of postnatal age at the film, youngest first; a film without birth or film time is in band 'unknown'. */
export const AGE_BANDS = ['<6h', '6-24h', '24-72h', '3-28d', '>28d'] as const
export type AgeBand = (typeof AGE_BANDS)[number] | 'unknown'

export function ageBand(hours: number | null): AgeBand {
  if (hours === null) return 'unknown'
  return hours < 6
    ? '<6h'
    : hours < 24
      ? '6-24h'
      : hours < 72
        ? '24-72h'
        : hours <= 28 * 24
          ? '3-28d'
          : '>28d'
}

/** WHO bands: extremely low, very low, low, normal, high birth weight. */
export const BW_BANDS = ['<1000', '1000-1499', '1500-2499', '2500-3999', '>=4000'] as const
export type BwBand = (typeof BW_BANDS)[number] | 'unknown'

export function bwBand(grams: number | null): BwBand {
  if (grams === null) return 'unknown'
  return grams < 1000
    ? '<1000'
    : grams < 1500
      ? '1000-1499'
      : grams < 2500
        ? '1500-2499'
        : grams < 4000
          ? '2500-3999'
          : '>=4000'
}
