import type { Connection, Row } from '../database'
import { annotationStands, type AnnotationState } from './annotations'
import { sameContext, sameLabel, type ContextState, type LabelState } from './states'
import { readFilms, readPatients } from './subjects'

/**
 * Undo and redo per reader, found from the history alone. An entry with `undoes` = s turns entry s over: it takes s back
 * while s stands, and brings s back while it does not. Such entries are never themselves undone; undo after redo takes s
 * back once more.
 */
type Entry = Row<'revision'>

const PAGE = 200

/** The reader's own changes of data, newest first; entries signed by an import are nobody's to undo. */
async function* entriesOf(db: Connection, reader: string): AsyncGenerator<Entry> {
  let before = Number.MAX_SAFE_INTEGER
  for (;;) {
    const page = await db
      .selectFrom('revision')
      .selectAll()
      .where('reader', '=', reader)
      .where('source', '=', 'reader')
      .where('kind', '!=', 'promotion')
      .where('seq', '<', before)
      .orderBy('seq', 'desc')
      .limit(PAGE)
      .execute()
    yield* page
    if (page.length < PAGE) return
    before = page[page.length - 1]!.seq
  }
}

/**
 * The change that the reader made or brought back last, of those that stand: neither taken back nor followed by another
 * change of the same film or infant. null if there is none.
 */
export async function findUndo(db: Connection, reader: string): Promise<Entry | null> {
  /** Changes whose last turning has been met on the way back through the history. */
  const met = new Set<number>()
  for await (const entry of entriesOf(db, reader)) {
    const seq = entry.undoes ?? entry.seq
    if (met.has(seq)) continue
    met.add(seq)
    const change = entry.undoes === null ? entry : await entryAt(db, entry.undoes)
    const stands = entry.new_json === change.new_json
    if (stands && (await isCurrent(db, change, change.new_json))) return change
  }
  return null
}

/** What the reader's last undo took away, if the reader has changed nothing since and nobody else that subject. */
export async function findRedo(db: Connection, reader: string): Promise<Entry | null> {
  const turned: number[] = []
  for await (const entry of entriesOf(db, reader)) {
    if (entry.undoes === null) break
    turned.push(entry.undoes)
  }
  const takenBack: number[] = []
  for (const seq of turned.reverse()) {
    const place = takenBack.indexOf(seq)
    if (place >= 0) takenBack.splice(place, 1)
    else takenBack.push(seq)
  }
  for (const seq of takenBack.reverse()) {
    const change = await entryAt(db, seq)
    if (await isCurrent(db, change, change.old_json)) return change
  }
  return null
}

function entryAt(db: Connection, seq: number): Promise<Entry> {
  return db.selectFrom('revision').selectAll().where('seq', '=', seq).executeTakeFirstOrThrow()
}

async function isCurrent(db: Connection, entry: Entry, json: string): Promise<boolean> {
  if (entry.kind === 'label') {
    const film = (await readFilms(db, [entry.subject_id])).get(entry.subject_id)!
    return sameLabel(film.state, JSON.parse(json) as LabelState)
  }
  if (entry.kind === 'annotation') return annotationStands(db, JSON.parse(json) as AnnotationState)
  const patient = (await readPatients(db, [entry.subject_id])).get(entry.subject_id)!
  return sameContext(patient.state, JSON.parse(json) as ContextState)
}
