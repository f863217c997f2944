import { BW_RANGE_GRAMS, GA_RANGE_DAYS, type ClinicalContext } from '../domain'
import { plausibilityZScore } from './birth-weight-standard'
import type { ContextInput, CorrectionKind } from './types'

export interface Correction {
  kind: CorrectionKind
  suggestion: ClinicalContext
}

/** A suggestion must make the infant ordinary ... */
const PLAUSIBLE = 2
/** ... and clearly more so than the values as they stand. */
const CLEARLY = 2
/** A wrong unit shows in the number itself, so that the infant may still be an unusual one. */
const UNUSUAL = 5

/**
 * Slips that would explain values which do not go together, likelier ones first, at most one of each kind.
 * @param zScore of the values as they stand; null where they are impossible
 */
export function findCorrections(input: ContextInput, zScore: number | null): Correction[] {
  const units = unitCorrections(input)
  if (units.length > 0) return units
  const { gaDays, bwGrams } = input
  if (gaDays === null || bwGrams === null) return []
  const values = { ...input, gaDays, bwGrams }
  const now = zScore === null ? Infinity : Math.abs(zScore)
  const candidates: [CorrectionKind, ClinicalContext[]][] = [
    ['swapped-fields', swappedFields(values)],
    ['post-menstrual-age-as-ga', birthAges(values)],
    ['swapped-digits', swappedDigits(values)]
  ]
  return candidates.flatMap(([kind, contexts]) => {
    const suggestion = best(contexts, Math.min(PLAUSIBLE, now - CLEARLY))
    return suggestion ? [{ kind, suggestion }] : []
  })
}

interface Values {
  gaDays: number
  bwGrams: number
  sex: 'M' | 'F' | null
  ageHours: number | null
}

/** Kilograms typed as grams, weeks typed as days, days typed as weeks (and so multiplied by seven); both may be wrong at once. */
function unitCorrections({ gaDays, bwGrams, sex }: ContextInput): Correction[] {
  const kinds: CorrectionKind[] = []
  const suggestion: ClinicalContext = { gaDays, bwGrams, sex }
  if (bwGrams !== null && !isWeight(bwGrams) && isWeight(Math.round(bwGrams * 1000))) {
    kinds.push('bw-in-kilograms')
    suggestion.bwGrams = Math.round(bwGrams * 1000)
  }
  if (gaDays !== null && !isAge(gaDays) && isAge(Math.round(gaDays * 7))) {
    kinds.push('ga-in-weeks')
    suggestion.gaDays = Math.round(gaDays * 7)
  } else if (gaDays !== null && !isAge(gaDays) && isAge(Math.round(gaDays / 7))) {
    kinds.push('ga-in-days')
    suggestion.gaDays = Math.round(gaDays / 7)
  }
  const incomplete = suggestion.gaDays === null || suggestion.bwGrams === null
  const holds = incomplete ? isIncompletePossible(suggestion) : best([suggestion], UNUSUAL) !== null
  return holds ? kinds.map(kind => ({ kind, suggestion })) : []
}

/** GA typed as BW and BW as GA, GA being days or weeks and BW having passed through the field for either. */
function swappedFields({ gaDays, bwGrams, sex }: Values): ClinicalContext[] {
  return [
    { gaDays: bwGrams, bwGrams: gaDays, sex },
    { gaDays: Math.round(bwGrams * 7), bwGrams: gaDays, sex },
    { gaDays: Math.round(bwGrams * 7), bwGrams: Math.round(gaDays / 7), sex }
  ]
}

/** GA at birth, had the age at the film been typed. */
function birthAges({ gaDays, bwGrams, sex, ageHours }: Values): ClinicalContext[] {
  if (ageHours === null || ageHours < 24) return []
  return [{ gaDays: gaDays - Math.floor(ageHours / 24), bwGrams, sex }]
}

/** Two neighbouring digits exchanged in the grams, in the completed weeks or in the days of gestation. */
function swappedDigits({ gaDays, bwGrams, sex }: Values): ClinicalContext[] {
  const weeks = Math.floor(gaDays / 7)
  return [
    ...exchanges(bwGrams).map(grams => ({ gaDays, bwGrams: grams, sex })),
    ...exchanges(weeks).map(other => ({ gaDays: other * 7 + (gaDays % 7), bwGrams, sex })),
    ...exchanges(gaDays).map(days => ({ gaDays: days, bwGrams, sex }))
  ]
}

/** 1250 -> 2150, 1520, 1205. */
function exchanges(number: number): number[] {
  const digits = String(number)
  if (!/^\d+$/.test(digits)) return []
  const found: number[] = []
  for (let i = 0; i + 1 < digits.length; i++) {
    if (digits[i] === digits[i + 1]) continue
    const exchanged = digits.slice(0, i) + digits[i + 1]! + digits[i]! + digits.slice(i + 2)
    // Nobody types 0920 for 920.
    if (!exchanged.startsWith('0')) found.push(Number(exchanged))
  }
  return found
}

/** The possible context whose |z| is least, if that is at most `limit`. */
function best(contexts: ClinicalContext[], limit: number): ClinicalContext | null {
  let chosen: ClinicalContext | null = null
  let least = limit
  for (const context of contexts) {
    const { gaDays, bwGrams, sex } = context
    if (gaDays === null || bwGrams === null || !isAge(gaDays) || !isWeight(bwGrams)) continue
    const size = Math.abs(plausibilityZScore(gaDays, bwGrams, sex))
    if (size > least) continue
    least = size
    chosen = context
  }
  return chosen
}

function isIncompletePossible({ gaDays, bwGrams }: ClinicalContext): boolean {
  return (gaDays === null || isAge(gaDays)) && (bwGrams === null || isWeight(bwGrams))
}

function isAge(days: number): boolean {
  return Number.isInteger(days) && days >= GA_RANGE_DAYS.low && days <= GA_RANGE_DAYS.high
}

function isWeight(grams: number): boolean {
  return Number.isInteger(grams) && grams >= BW_RANGE_GRAMS.low && grams <= BW_RANGE_GRAMS.high
}
