import type { ContextValue, LabelValue, Revision } from '../../contract'
import { formatBirthWeight } from './birth-weight'
import { formatGestationalAge } from './gestational-age'

/** What a history entry changed: old and new value as written on charts, in no language. */
export interface RevisionText {
  kind: Revision['kind']
  old: string
  new: string
}

/** Values are `unknown` in the contract, since old versions may have written other shapes; those show as '–'. */
export function describeRevision(revision: Pick<Revision, 'kind' | 'old' | 'new'>): RevisionText {
  const write = revision.kind === 'label' ? writeLabel : writeContext
  return { kind: revision.kind, old: write(revision.old), new: write(revision.new) }
}

function writeLabel(value: unknown): string {
  const label = value as Partial<LabelValue> | null | undefined
  if (!label?.diagnosis) return '–'
  return label.certainty === 'unsure' ? `${label.diagnosis}?` : label.diagnosis
}

function writeContext(value: unknown): string {
  const context = value as Partial<ContextValue> | null | undefined
  if (!context) return '–'
  const sex = context.sex ? `, ${context.sex}` : ''
  return `${formatGestationalAge(context.gaDays ?? null)}, ${formatBirthWeight(context.bwGrams ?? null)}${sex}`
}

/** 'old → new' for one line. */
export function revisionLine(revision: Pick<Revision, 'kind' | 'old' | 'new'>): string {
  const text = describeRevision(revision)
  return `${text.old} → ${text.new}`
}
