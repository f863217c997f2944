import type { AnnotationValue, ContextValue, LabelValue, Promotion, Revision } from '../../contract'
import { formatBirthWeight } from './birth-weight'
import { formatGestationalAge } from './gestational-age'

/** What a history entry changed: old and new value as written on charts, or a model's name, in no language. */
export interface RevisionText {
  kind: Revision['kind']
  old: string
  new: string
}

/** Values are `unknown` in the contract, since old versions may have written other shapes; those show as '–'. */
export function describeRevision(revision: Pick<Revision, 'kind' | 'old' | 'new'>): RevisionText {
  const write = WRITE[revision.kind]
  return { kind: revision.kind, old: write(revision.old), new: write(revision.new) }
}

const WRITE: Record<Revision['kind'], (value: unknown) => string> = {
  label: writeLabel,
  tags: value => (value as { tags?: string[] } | null)?.tags?.join(', ') || '–',
  'clinical-context': writeContext,
  annotation: writeAnnotation,
  promotion: value => (value as Partial<Promotion['to']> | null)?.name ?? '–'
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

/** Its kind and where its first point lies: 'length (310, 245)'. */
function writeAnnotation(state: unknown): string {
  const value = (state as { value?: Partial<AnnotationValue> | null } | null)?.value
  const [first] = value?.points ?? []
  return first ? `${value!.kind} (${Math.round(first.u)}, ${Math.round(first.v)})` : '–'
}

/** 'old → new' for one line. */
export function revisionLine(revision: Pick<Revision, 'kind' | 'old' | 'new'>): string {
  const text = describeRevision(revision)
  return `${text.old} → ${text.new}`
}
