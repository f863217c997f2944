import type { Connection, Row, ValueSource } from '../database'
import { NeoGateError } from '../foundation'
import type { Draft } from './hash-chain'
import type { TagsChange } from './types'

/** What an entry of kind 'tags' records before and after; its subject is the film. */
export interface TagState {
  /** As contract/film-tags names and orders them. */
  tags: string[]
  reader: string | null
  source: ValueSource | null
}

type TagColumns = Pick<Row<'film'>, 'tags' | 'tags_reader' | 'tags_source'>

export function tagStateOf(film: TagColumns): TagState {
  return { tags: film.tags?.split(' ') ?? [], reader: film.tags_reader, source: film.tags_source }
}

export function sameTags(a: readonly string[], b: readonly string[]): boolean {
  return a.join(' ') === b.join(' ')
}

function sameTagState(a: TagState, b: TagState): boolean {
  return sameTags(a.tags, b.tags) && a.reader === b.reader && a.source === b.source
}

const COLUMNS = ['id', 'tags', 'tags_reader', 'tags_source', 'tags_revision'] as const

/**
 * The entry that makes a change, or null where the film has just these tags already.
 * @throws NeoGateError NOT_FOUND, CONFLICT
 */
export async function tagsDraft(db: Connection, change: TagsChange, at: string): Promise<Draft | null> {
  const film = await db.selectFrom('film').select(COLUMNS).where('id', '=', change.filmId).executeTakeFirst()
  if (!film) {
    throw new NeoGateError('NOT_FOUND', `This project has no film ${change.filmId}.`, {
      field: 'filmId',
      remedy: 'Import the folder that holds it, or go back to Studies.'
    })
  }
  const old = tagStateOf(film)
  if (sameTags(old.tags, change.tags)) return null
  if (change.revision < film.tags_revision) {
    throw new NeoGateError(
      'CONFLICT',
      'Findings or devices of this film were changed by someone else in the meantime.',
      { remedy: 'Look at them as they stand now, then make the change again if it is still wanted.' }
    )
  }
  const next: TagState = { tags: [...change.tags], reader: change.reader, source: 'reader' }
  return {
    at,
    reader: change.reader,
    source: 'reader',
    kind: 'tags',
    subject_id: film.id,
    old_json: JSON.stringify(old),
    new_json: JSON.stringify(next),
    reason: ''
  }
}

/** Brings the film's columns to what an entry says. */
export async function writeTags(
  db: Connection,
  filmId: string,
  state: TagState,
  revision: number
): Promise<void> {
  await db
    .updateTable('film')
    .set({
      tags: state.tags.length > 0 ? state.tags.join(' ') : null,
      tags_reader: state.reader,
      tags_source: state.source,
      tags_revision: revision
    })
    .where('id', '=', filmId)
    .execute()
}

/** True where the film's tags now are what a state says. */
export async function tagsStand(db: Connection, filmId: string, state: TagState): Promise<boolean> {
  const film = await db.selectFrom('film').select(COLUMNS).where('id', '=', filmId).executeTakeFirst()
  return film !== undefined && sameTagState(tagStateOf(film), state)
}

/**
 * The first film whose tags are not those of its last entry of them.
 * @param last of each film the newest entry of this kind
 */
export async function findTagDrift(
  db: Connection,
  last: ReadonlyMap<string, { seq: number; json: string }>
): Promise<{ seq: number; problem: string } | null> {
  const marked = await db
    .selectFrom('film')
    .select(COLUMNS)
    .where(where => where.or([where('tags', 'is not', null), where('tags_revision', '!=', 0)]))
    .execute()
  const films = new Map(marked.map(film => [film.id, film]))
  for (const [id, { seq, json }] of last) {
    const film = films.get(id)
    films.delete(id)
    const same =
      film && film.tags_revision === seq && sameTagState(tagStateOf(film), JSON.parse(json) as TagState)
    if (!same) return { seq, problem: `film ${id} does not show the tags that its last entry of them says` }
  }
  const [unexplained] = films.keys()
  return unexplained === undefined
    ? null
    : { seq: 0, problem: `film ${unexplained} has tags that no entry says` }
}
