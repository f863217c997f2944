import type { ClinicalContext, Diagnosis } from '../domain'

export interface LabelValue {
  diagnosis: Diagnosis
  certainty: 'sure' | 'unsure'
  comment: string
}

/** See contract/annotations; points in film coordinates. */
export interface AnnotationValue {
  kind: 'length' | 'angle' | 'rectangle' | 'ellipse'
  points: { u: number; v: number }[]
  note: string
}

export interface Annotation {
  id: string
  value: AnnotationValue
  revision: number
  at: string
}

/** An id that is not known yet draws a new one, `value` null takes it away. */
export interface AnnotationChange {
  filmId: string
  id: string
  value: AnnotationValue | null
  /** Of the annotation, as the caller last saw it. */
  revision: number
  reader: string
}

/** All tags that a film has from now on, in the order of contract/film-tags. */
export interface TagsChange {
  filmId: string
  tags: readonly string[]
  /** Number of the newest entry that the caller has seen of this film. */
  revision: number
  reader: string
}

export type RevisionKind = 'label' | 'tags' | 'clinical-context' | 'annotation' | 'promotion' | 'unblinding'

/** The model that is active before or after a promotion, as it was known then. */
export interface PromotionState {
  modelId: string
  hash: string
  name: string
}

/** Somebody whom a protocol blinded looked all the same. */
export interface UnblindingState {
  protocol: string
  /** What was hidden until then. */
  hides: string[]
}

/**
 * One entry of the history. `old` and `new` hold a LabelState (or null for no label) or a ContextState: the value and
 * whose it is, see states; of tags a TagState; of an annotation its id and value; of a promotion, a PromotionState (`old` null where no model was active); of an
 * unblinding `old` is null and `new` an UnblindingState.
 */
export interface Revision {
  seq: number
  at: string
  reader: string
  kind: RevisionKind
  subjectId: string
  old: unknown
  new: unknown
  reason: string
  undoes: number | null
  /** First entry of the bulk change that this one is part of. */
  group: number | null
  hash: string
}

/** What undo or redo wrote: its first entry, and the films or infants of all. */
export interface Step extends Revision {
  subjectIds: string[]
}

/** Many changes by one reader that stand and fall together: labels or contexts. A label keeps its comment. */
export interface BulkChange {
  labels: { filmId: string; value: Omit<LabelValue, 'comment'> | null }[]
  contexts: { patientId: string; value: ClinicalContext }[]
  /** Newest entry that the caller has seen. */
  seen: number
  reader: string
  reason: string
}

/** How far a change of many is; in entries, see pace. */
export interface ChangeProgress {
  done: number
  /** null while it is not known. */
  total: number | null
}

/** What follows a change of many, and may end it: aborted, nothing is written and CANCELLED is thrown. */
export interface Watching {
  signal?: AbortSignal
  progress?: (progress: ChangeProgress) => void
}

/** What an import wants to set; a field left undefined or null is not touched. */
export interface TableEntry {
  filmId: string | null
  patientId: string | null
  /** Line of the table, handed back in the outcome. */
  line: number
  label?: Diagnosis | null
  /** Of the label; 'sure' and no comment where the table does not say. */
  certainty?: 'sure' | 'unsure'
  comment?: string
  /** All of the film's tags; not touched where undefined. */
  tags?: string[]
  gaDays?: number | null
  bwGrams?: number | null
  sex?: 'M' | 'F' | null
}

/** A value of a table that was not taken: a reader had set another one, or an earlier row of the table says otherwise. */
export interface KeptValue {
  line: number
  subjectId: string
  field: 'label' | 'tags' | 'gaDays' | 'bwGrams' | 'sex'
  because: 'reader' | 'earlier-row'
}

export interface TableOutcome {
  /** Revisions written. */
  applied: number
  /** Entries whose every value was already current. */
  unchanged: number
  kept: KeptValue[]
  /** Films and infants that a revision was written for. */
  filmIds: string[]
  patientIds: string[]
}

export interface Verification {
  intact: boolean
  entries: number
  broken: { seq: number; problem: string } | null
}

export interface LabelStore {
  /**
   * Sets or takes away (null) a film's label.
   * @param revision sequence number the caller last saw of this film (FilmDetail.revision)
   * @returns the new entry, or null where the value is already that
   * @throws NeoGateError CONFLICT when a later entry touched the film's label or its infant's context; NOT_FOUND
   */
  setLabel(change: {
    filmId: string
    value: LabelValue | null
    revision: number
    reader: string
    reason?: string
  }): Promise<Revision | null>
  /** Sets a film's findings, lines and tubes. @throws NeoGateError CONFLICT when a later entry touched them; NOT_FOUND */
  setTags(change: TagsChange): Promise<Revision | null>
  /** Sets an infant's GA, BW and sex. @throws NeoGateError CONFLICT, NOT_FOUND, INVALID_INPUT outside the hard ranges */
  setContext(change: {
    patientId: string
    value: ClinicalContext
    revision: number
    reader: string
    reason: string
  }): Promise<Revision | null>
  /**
   * Makes many changes in one transaction, as one group of entries; whole or not at all.
   * @returns the entries written; what is that already is passed over
   * @throws NeoGateError CONFLICT when a later entry than `seen` touched any of them; NOT_FOUND, INVALID_INPUT
   */
  changeMany(change: BulkChange, watching?: Watching): Promise<number>
  /** @throws NeoGateError CONFLICT when a later entry touched the annotation; NOT_FOUND */
  annotate(change: AnnotationChange): Promise<Revision | null>
  /** A reader's annotations of a film, in the order in which they were drawn. */
  annotations(filmId: string, reader: string): Promise<Annotation[]>
  /**
   * Applies rows of a table in one transaction, signed 'import: TABLE NAME'. Values already current are skipped, values
   * that a reader set are kept; where two rows disagree on one infant or film, the first holds.
   * @throws NeoGateError NOT_FOUND for an unknown id, INVALID_INPUT outside the hard ranges; nothing is applied then
   */
  applyTable(table: { name: string; entries: TableEntry[] }): Promise<TableOutcome>
  /**
   * Takes back the reader's last change that still stands: one that was neither taken back nor followed by another
   * change of the same film or infant. null if there is none. Of a bulk change, all that still stands is taken back together.
   */
  undo(reader: string, watching?: Watching): Promise<Step | null>
  /** Brings back what the reader's last undo took away, until the reader makes a new change. */
  redo(reader: string, watching?: Watching): Promise<Step | null>
  /**
   * Makes a model the active one and shows its predictions. A promotion is no change of data: `undo` passes it over.
   * @returns null where the model is active already
   * @throws NeoGateError NOT_FOUND
   */
  promote(change: { modelId: string; reader: string; reason: string }): Promise<Revision | null>
  /**
   * Returns to the model that was active before the promotion that holds; again, to the one before that.
   * @throws NeoGateError CONFLICT where no promotion is left to take back; NOT_FOUND where that model is gone
   */
  rollBack(change: { reader: string; reason: string }): Promise<Revision>
  /** Keeps that a reader whom a protocol blinded looked all the same. No change of data: `undo` passes it over. */
  unblind(change: {
    protocolId: string
    reader: string
    reason: string
    state: UnblindingState
  }): Promise<Revision>
  /** Which of these protocols a reader has looked into while blinded. */
  unblindedBy(reader: string, protocolIds: readonly string[]): Promise<Set<string>>
  /** Every promotion and rollback, newest first. */
  promotions(): Promise<Revision[]>
  /** Newest first; `before` is a sequence number, left out of the answer. */
  list(page: { subjectId: string | null; before: number | null; limit: number }): Promise<Revision[]>
  /** Sequence number of the newest entry, 0 for an empty history. */
  head(): Promise<number>
  /** The newest entry's number and hash, which, kept elsewhere, seals it and everything before it. */
  seal(): Promise<{ seq: number; hash: string }>
  /** Films whose label, or whose infant's GA, BW or sex, was set or changed after a moment (ISO 8601 UTC). */
  changedSince(at: string): Promise<Set<string>>
  /** Recomputes the hash chain and holds what the tables show against it. */
  verify(): Promise<Verification>
}
