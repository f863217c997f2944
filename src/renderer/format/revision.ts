import type { AnnotationValue, ContextValue, LabelValue, Promotion, Revision } from '../../contract'
import { formatBirthWeight } from './birth-weight'
import { formatGestationalAge } from './gestational-age'

/** What a history entry changed: old and new value as written on charts, or a model's name, in no language. */
export interface RevisionText {
  kind: Revision['kind']
  old: string
  new: string
}

/** How the codes of a value are written; as they are, where nothing is said. */
export interface RevisionWords {
  diagnosis(code: string): string
  tag(code: string): string
  sex(code: string): string
  annotation(kind: string): string
}

const same = (code: string) => code
const CODES: RevisionWords = { diagnosis: same, tag: same, sex: same, annotation: same }

/** Values are `unknown` in the contract, since old versions may have written other shapes; those show as '–'. */
export function describeRevision(
  revision: Pick<Revision, 'kind' | 'old' | 'new'>,
  words = CODES
): RevisionText {
  const write = WRITE[revision.kind]
  return { kind: revision.kind, old: write(revision.old, words), new: write(revision.new, words) }
}

const WRITE: Record<Revision['kind'], (value: unknown, words: RevisionWords) => string> = {
  label: writeLabel,
  tags: (value, words) => (value as { tags?: string[] } | null)?.tags?.map(words.tag).join(', ') || '–',
  'clinical-context': writeContext,
  annotation: writeAnnotation,
  promotion: value => (value as Partial<Promotion['to']> | null)?.name ?? '–',
  unblinding: value => (value as { protocol?: string } | null)?.protocol ?? '–'
}

function writeLabel(value: unknown, words: RevisionWords): string {
  const label = value as Partial<LabelValue> | null | undefined
  if (!label?.diagnosis) return '–'
  const name = words.diagnosis(label.diagnosis)
  return label.certainty === 'unsure' ? `${name}?` : name
}

function writeContext(value: unknown, words: RevisionWords): string {
  const context = value as Partial<ContextValue> | null | undefined
  if (!context) return '–'
  const sex = context.sex ? `, ${words.sex(context.sex)}` : ''
  return `${formatGestationalAge(context.gaDays ?? null)}, ${formatBirthWeight(context.bwGrams ?? null)}${sex}`
}

/** Its kind and where its first point lies: 'length (310, 245)'. */
function writeAnnotation(state: unknown, words: RevisionWords): string {
  const value = (state as { value?: Partial<AnnotationValue> | null } | null)?.value
  const [first] = value?.points ?? []
  const name = value?.kind ? words.annotation(value.kind) : ''
  return first ? `${name} (${Math.round(first.u)}, ${Math.round(first.v)})` : '–'
}

/** 'old → new' for one line. */
export function revisionLine(revision: Pick<Revision, 'kind' | 'old' | 'new'>, words = CODES): string {
  const text = describeRevision(revision, words)
  return `${text.old} → ${text.new}`
}
