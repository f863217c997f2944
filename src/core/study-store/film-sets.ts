import { inBatches, type Database } from '../database'
import { contentId, NeoGateError } from '../foundation'
import { filmNotFound } from './film-rows'
import type { FilmSet } from './types'

/** Characters of a film id. */
const ID_LENGTH = 26
/** Sets kept beside those that views and links may still name; older ones go. */
const KEPT = 200

/** Keeps films under a name. @throws NeoGateError NOT_FOUND for a film that is not registered */
export async function keepFilmSet(
  db: Database,
  name: string,
  filmIds: readonly string[],
  at: string
): Promise<FilmSet> {
  const ids = [...new Set(filmIds)]
  const known = new Set<string>()
  for (const batch of inBatches(ids)) {
    const rows = await db.selectFrom('film').select('id').where('id', 'in', batch).execute()
    for (const row of rows) known.add(row.id)
  }
  const absent = ids.find(id => !known.has(id))
  if (absent !== undefined) throw filmNotFound(absent)
  const id = contentId('film-set', name, ids.join(''))
  await db
    .insertInto('film_set')
    .values({ id, name, film_ids: new TextEncoder().encode(ids.join('')), made_at: at })
    .onConflict(conflict => conflict.column('id').doUpdateSet({ made_at: at }))
    .execute()
  await dropOldSets(db)
  return { id, name, films: ids.length }
}

export async function readFilmSet(db: Database, id: string): Promise<FilmSet & { ids: string[] }> {
  const row = await db.selectFrom('film_set').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) {
    throw new NeoGateError('NOT_FOUND', 'This project has no such list of films.', {
      field: 'filter.set',
      remedy: 'Remove the filter; open the films again from the screen that the list came from.'
    })
  }
  const text = new TextDecoder().decode(row.film_ids)
  const ids = Array.from({ length: text.length / ID_LENGTH }, (_, i) =>
    text.slice(i * ID_LENGTH, (i + 1) * ID_LENGTH)
  )
  return { id, name: row.name, films: ids.length, ids }
}

async function dropOldSets(db: Database): Promise<void> {
  const old = await db
    .selectFrom('film_set')
    .select('id')
    .orderBy('made_at', 'desc')
    .orderBy('id')
    .offset(KEPT)
    .limit(KEPT)
    .execute()
  if (old.length === 0) return
  const views = await db.selectFrom('study_view').select('filter_json').execute()
  const unnamed = old
    .map(row => row.id)
    .filter(id => !views.some(({ filter_json }) => filter_json.includes(id)))
  if (unnamed.length > 0) await db.deleteFrom('film_set').where('id', 'in', unnamed).execute()
}
