import type { Connection } from '../database'
import { NeoGateError } from '../foundation'
import type { Draft } from './hash-chain'
import { readFilms } from './subjects'
import type { Annotation, AnnotationChange, AnnotationValue } from './types'

/** What an entry of kind 'annotation' records before and after; its subject is the film. */
export interface AnnotationState {
  id: string
  /** null before it was drawn and after it was taken away. */
  value: AnnotationValue | null
}

/** A reader's annotations of a film, in the order in which they were drawn. */
export async function annotationsOf(db: Connection, filmId: string, reader: string): Promise<Annotation[]> {
  const rows = await db
    .selectFrom('annotation')
    .innerJoin('revision', 'revision.seq', 'annotation.revision')
    .select(['annotation.id', 'annotation.value_json', 'annotation.revision', 'revision.at'])
    .where('annotation.film_id', '=', filmId)
    .where('annotation.reader', '=', reader)
    .where('annotation.value_json', 'is not', null)
    .orderBy('annotation.drawn')
    .execute()
  return rows.map(row => ({
    id: row.id,
    value: JSON.parse(row.value_json!) as AnnotationValue,
    revision: row.revision,
    at: row.at
  }))
}

/**
 * The entry that makes a change, or null where nothing would change.
 * @throws NeoGateError NOT_FOUND, CONFLICT
 */
export async function annotationDraft(
  db: Connection,
  change: AnnotationChange,
  at: string
): Promise<Draft | null> {
  await readFilms(db, [change.filmId])
  const current = await find(db, change.id)
  if (current && (current.film_id !== change.filmId || current.reader !== change.reader)) {
    throw new NeoGateError('NOT_FOUND', `This film has no annotation ${change.id} of this reader.`, {
      field: 'id',
      remedy: 'Draw it again.'
    })
  }
  const old = current?.value_json ? (JSON.parse(current.value_json) as AnnotationValue) : null
  if (sameAnnotation(old, change.value)) return null
  if (current && change.revision < current.revision) {
    throw new NeoGateError('CONFLICT', 'This annotation was changed in another window meanwhile.', {
      remedy: 'Look at it as it stands now, then change it again.'
    })
  }
  const { id } = change
  const state = (value: AnnotationValue | null) => JSON.stringify({ id, value } satisfies AnnotationState)
  return {
    at,
    reader: change.reader,
    source: 'reader',
    kind: 'annotation',
    subject_id: change.filmId,
    old_json: state(old),
    new_json: state(change.value),
    reason: ''
  }
}

/** Brings table `annotation` to what an entry says. */
export async function writeAnnotation(
  db: Connection,
  entry: { subject_id: string; reader: string; seq: number },
  { id, value }: AnnotationState
): Promise<void> {
  const shown = { value_json: value && JSON.stringify(value), revision: entry.seq }
  await db
    .insertInto('annotation')
    .values({ id, film_id: entry.subject_id, reader: entry.reader, drawn: entry.seq, ...shown })
    .onConflict(conflict => conflict.column('id').doUpdateSet(shown))
    .execute()
}

/** True where the annotation now is what a state says. */
export async function annotationStands(db: Connection, { id, value }: AnnotationState): Promise<boolean> {
  const current = await find(db, id)
  const now = current?.value_json ? (JSON.parse(current.value_json) as AnnotationValue) : null
  return sameAnnotation(now, value)
}

function find(db: Connection, id: string) {
  return db.selectFrom('annotation').selectAll().where('id', '=', id).executeTakeFirst()
}

export function sameAnnotation(a: AnnotationValue | null, b: AnnotationValue | null): boolean {
  if (a === null || b === null) return a === b
  return (
    a.kind === b.kind &&
    a.note === b.note &&
    a.points.length === b.points.length &&
    a.points.every((point, index) => point.u === b.points[index]!.u && point.v === b.points[index]!.v)
  )
}
