import type { ClinicalContext } from '../domain'

/** GA in days and BW in grams as typed or recorded, possibly impossible; age of the infant at the film, where known. */
export interface ContextInput extends ClinicalContext {
  ageHours: number | null
}

export type Severity = 'note' | 'warn' | 'confirm' | 'blocked'

/** A slip that is known to happen, and that the values look like. */
export type CorrectionKind =
  | 'bw-in-kilograms'
  | 'ga-in-days'
  | 'ga-in-weeks'
  | 'post-menstrual-age-as-ga'
  | 'swapped-fields'
  | 'swapped-digits'

export interface ContextFinding {
  kind: CorrectionKind | 'missing-ga' | 'missing-bw' | 'small-for-ga' | 'large-for-ga' | 'out-of-range'
  severity: Severity
  suggestion: ClinicalContext | null
}

export interface GrowthCurves {
  reference: string
  /** Days of gestation between which values are published; a curve beyond them is continued. */
  published: { first: number; last: number }
  /** Day of gestation of each of a curve's weights. */
  days: number[]
  curves: { sex: 'M' | 'F'; z: number; grams: number[] }[]
}

export interface ContextAssessment {
  state: 'ok' | 'missing' | 'warn' | 'confirm' | 'blocked'
  /** Birth weight z-score; with sex unknown, the one nearer zero; null without two possible values. */
  zScore: number | null
  reference: string
  /** Worst first; among equals the likelier explanation first. */
  findings: ContextFinding[]
}
