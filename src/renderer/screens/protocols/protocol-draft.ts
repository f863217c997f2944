import type { NewProtocol } from '../../stores/protocols'
import type { Assignment, QueueKind } from '../../../contract'

/** What is typed into the form of a new protocol; numbers and names as text until they are read. */
export interface ProtocolDraft {
  name: string
  queue: QueueKind
  films: string
  assignment: Assignment['kind']
  /** Readers per film. */
  perFilm: string
  readers: string[]
  /** By site, names separated by commas. */
  sites: Record<string, string>
  hides: { model: boolean; others: boolean; context: boolean }
  /** Whole percent. */
  repeats: string
  gap: string
  /** Whole percent. */
  random: string
  commentWhenUnsure: boolean
  labelsAtOnce: boolean
  revealAfterCommit: boolean
  hours: string
}

export type DraftField = 'films' | 'perFilm' | 'sites' | 'repeats' | 'gap' | 'random' | 'hours'

export const freshDraft = (queue: QueueKind): ProtocolDraft => ({
  name: '',
  queue,
  films: '50',
  assignment: 'some',
  perFilm: '2',
  readers: [],
  sites: {},
  hides: { model: true, others: true, context: false },
  repeats: '10',
  gap: '20',
  random: '10',
  commentWhenUnsure: false,
  labelsAtOnce: false,
  revealAfterCommit: false,
  hours: '12'
})

export const namesIn = (text: string) =>
  text
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '')

/** Answers may become labels at once only where one reader reads each film. */
export const oneReaderEach = ({ assignment, perFilm }: ProtocolDraft) =>
  assignment === 'by-site' || (assignment === 'some' && perFilm.trim() === '1')

/** The protocol that the form asks for, or the fields that cannot be read. */
export function readDraft(draft: ProtocolDraft): { wanted: NewProtocol | null; faults: Set<DraftField> } {
  const faults = new Set<DraftField>()
  const number = (field: DraftField, text: string, low: number, high: number, whole = true): number => {
    const value = text.trim() === '' ? NaN : Number(text)
    if (!(value >= low && value <= high) || (whole && !Number.isInteger(value))) faults.add(field)
    return value
  }
  const bySite = Object.fromEntries(
    Object.entries(draft.sites)
      .map(([site, names]) => [site, namesIn(names)] as const)
      .filter(([, names]) => names.length > 0)
  )
  if (draft.assignment === 'by-site' && Object.keys(bySite).length === 0) faults.add('sites')
  const assignment: Assignment =
    draft.assignment === 'all'
      ? { kind: 'all' }
      : draft.assignment === 'by-site'
        ? { kind: 'by-site', sites: bySite }
        : { kind: 'some', readers: number('perFilm', draft.perFilm, 1, 20) }
  const wanted: NewProtocol = {
    name: draft.name.trim() || null,
    queue: draft.queue,
    films: number('films', draft.films, 1, 100_000),
    assignment,
    readers: draft.assignment === 'by-site' ? [...new Set(Object.values(bySite).flat())] : draft.readers,
    hides: draft.hides,
    repeatShare: number('repeats', draft.repeats, 0, 50, false) / 100,
    repeatGap: number('gap', draft.gap, 0, 10_000),
    randomShare: number('random', draft.random, 0, 100, false) / 100,
    commentWhenUnsure: draft.commentWhenUnsure,
    labelsAtOnce: draft.labelsAtOnce && oneReaderEach(draft),
    revealAfterCommit: draft.revealAfterCommit,
    claimHours: number('hours', draft.hours, 0.1, 1000, false)
  }
  return { wanted: faults.size === 0 ? wanted : null, faults }
}
