import { BW_RANGE_GRAMS, GA_RANGE_DAYS, type ClinicalContext } from '../domain'
import { plausibilityZScore, referenceName } from './birth-weight-standard'
import { findCorrections } from './corrections'
import type { ContextAssessment, ContextFinding, ContextInput, Severity } from './types'

/** |z| of birth weight for GA from which each severity begins. */
export const Z_LIMITS = { warn: 3, confirm: 4, blocked: 5 } as const
const SEVERITIES: readonly Severity[] = ['note', 'warn', 'confirm', 'blocked']

/**
 * Judges GA and BW together. Values outside the hard ranges are explained, not refused: what is typed while it is typed, and
 * what a table holds, comes here first. |z| from 3 warns, from 4 asks to confirm, from 5 keeps the infant out of training
 * until reviewed; nothing is excluded silently, since the infants at the extremes are the sickest.
 */
export function assessContext(input: ContextInput): ContextAssessment {
  const { gaDays, bwGrams, sex } = input
  const findings: ContextFinding[] = []
  if (gaDays === null) findings.push({ kind: 'missing-ga', severity: 'note', suggestion: null })
  if (bwGrams === null) findings.push({ kind: 'missing-bw', severity: 'note', suggestion: null })

  const impossible = !isPossible(input)
  const comparable = gaDays !== null && bwGrams !== null && !impossible
  const zScore = comparable ? plausibilityZScore(gaDays, bwGrams, sex) : null
  const severity = impossible ? 'blocked' : zScore === null ? null : severityOf(zScore)

  if (severity !== null) {
    for (const { kind, suggestion } of findCorrections(input, zScore)) {
      findings.push({ kind, severity, suggestion })
    }
    if (impossible) findings.push({ kind: 'out-of-range', severity, suggestion: null })
    else {
      const kind = zScore! < 0 ? 'small-for-ga' : 'large-for-ga'
      findings.push({ kind, severity, suggestion: null })
    }
  }
  findings.sort((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity))
  return { state: stateOf(findings), zScore, reference: referenceName(gaDays), findings }
}

function severityOf(zScore: number): Severity | null {
  const size = Math.abs(zScore)
  if (size >= Z_LIMITS.blocked) return 'blocked'
  return size >= Z_LIMITS.confirm ? 'confirm' : size >= Z_LIMITS.warn ? 'warn' : null
}

/** False where a value that is there lies outside its hard range. */
function isPossible(context: ClinicalContext): boolean {
  const { gaDays, bwGrams } = context
  const ga = gaDays === null || (gaDays >= GA_RANGE_DAYS.low && gaDays <= GA_RANGE_DAYS.high)
  const bw = bwGrams === null || (bwGrams >= BW_RANGE_GRAMS.low && bwGrams <= BW_RANGE_GRAMS.high)
  return ga && bw
}

function stateOf(findings: ContextFinding[]): ContextAssessment['state'] {
  const [worst] = findings
  if (!worst) return 'ok'
  return worst.severity === 'note' ? 'missing' : worst.severity
}
