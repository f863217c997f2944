import { BATCH, inBatches, type Connection, type Row } from '../database'
import { annotationStands, type AnnotationState } from './annotations'
import { tagsStand, type TagState } from './film-tags'
import type { Pace } from './pace'
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
async function* pagesOf(db: Connection, reader: string): AsyncGenerator<Entry[]> {
  let before = Number.MAX_SAFE_INTEGER
  for (;;) {
    const page = await db
      .selectFrom('revision')
      .selectAll()
      .where('reader', '=', reader)
      .where('source', '=', 'reader')
      .where('kind', 'not in', ['promotion', 'unblinding'])
      .where('seq', '<', before)
      .orderBy('seq', 'desc')
      .limit(PAGE)
      .execute()
    yield page
    if (page.length < PAGE) return
    before = page[page.length - 1]!.seq
  }
}

/**
 * The change that the reader made or brought back last, of those that stand: neither taken back nor followed by another
 * change of the same film or infant. Of a bulk change, all of it that stands. Empty if there is none.
 */
export async function findUndo(db: Connection, reader: string, pace: Pace): Promise<Entry[]> {
  pace.begin(null)
  /** Changes whose last turning has been met on the way back through the history. */
  const met = new Set<number>()
  for await (const page of pagesOf(db, reader)) {
    const turned = await entriesAt(
      db,
      page.flatMap(({ undoes }) => (undoes === null ? [] : [undoes]))
    )
    await pace.pass()
    for (const entry of page) {
      const seq = entry.undoes ?? entry.seq
      if (met.has(seq)) continue
      met.add(seq)
      const change = entry.undoes === null ? entry : turned.get(entry.undoes)!
      const stands = entry.new_json === change.new_json
      if (!stands || !(await areCurrent(db, [change], 'new_json', pace))[0]) continue
      if (change.group_seq === null) return [change]
      return onlyCurrent(db, await groupOf(db, change.group_seq, pace), 'new_json', pace)
    }
  }
  return []
}

/**
 * What the reader's last undo took away, if the reader has changed nothing since and nobody else that subject. Of a bulk change, all
 * of it that can be brought back.
 */
export async function findRedo(db: Connection, reader: string, pace: Pace): Promise<Entry[]> {
  pace.begin(null)
  const turned: number[] = []
  reading: for await (const page of pagesOf(db, reader)) {
    await pace.pass()
    for (const entry of page) {
      if (entry.undoes === null) break reading
      turned.push(entry.undoes)
    }
  }
  /** In the order in which they were taken back. */
  const takenBack = new Set<number>()
  for (const seq of turned.reverse()) if (!takenBack.delete(seq)) takenBack.add(seq)
  for (const seq of [...takenBack].reverse()) {
    const change = (await entriesAt(db, [seq])).get(seq)!
    if (!(await areCurrent(db, [change], 'old_json', pace))[0]) continue
    if (change.group_seq === null) return [change]
    const group = await groupOf(db, change.group_seq, pace)
    return onlyCurrent(
      db,
      group.filter(entry => takenBack.has(entry.seq)),
      'old_json',
      pace
    )
  }
  return []
}

async function entriesAt(db: Connection, seqs: readonly number[]): Promise<Map<number, Entry>> {
  const found = new Map<number, Entry>()
  for (const batch of inBatches(seqs)) {
    const rows = await db.selectFrom('revision').selectAll().where('seq', 'in', batch).execute()
    for (const row of rows) found.set(row.seq, row)
  }
  return found
}

async function groupOf(db: Connection, group: number, pace: Pace): Promise<Entry[]> {
  const { count } = await db
    .selectFrom('revision')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('group_seq', '=', group)
    .executeTakeFirstOrThrow()
  pace.begin(Number(count))
  const entries: Entry[] = []
  for (let after = group - 1; ;) {
    const page = await db
      .selectFrom('revision')
      .selectAll()
      .where('group_seq', '=', group)
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(BATCH)
      .execute()
    entries.push(...page)
    await pace.pass()
    if (page.length < BATCH) return entries
    after = page.at(-1)!.seq
  }
}

async function onlyCurrent(
  db: Connection,
  entries: readonly Entry[],
  side: 'old_json' | 'new_json',
  pace: Pace
): Promise<Entry[]> {
  const current = await areCurrent(db, entries, side, pace)
  return entries.filter((_, i) => current[i])
}

/** Of each entry, whether its film, infant or annotation is now as it says. */
async function areCurrent(
  db: Connection,
  entries: readonly Entry[],
  side: 'old_json' | 'new_json',
  pace: Pace
): Promise<boolean[]> {
  const subjects = (kind: Entry['kind']) =>
    entries.flatMap(entry => (entry.kind === kind ? [entry.subject_id] : []))
  const films = await readFilms(db, subjects('label'), pace)
  const patients = await readPatients(db, subjects('clinical-context'))
  const answers: boolean[] = []
  for (const entry of entries) {
    const state: unknown = JSON.parse(entry[side])
    if (answers.length % BATCH === 0) await pace.pass()
    answers.push(
      entry.kind === 'label'
        ? sameLabel(films.get(entry.subject_id)!.state, state as LabelState)
        : entry.kind === 'tags'
          ? await tagsStand(db, entry.subject_id, state as TagState)
          : entry.kind === 'annotation'
            ? await annotationStands(db, state as AnnotationState)
            : sameContext(patients.get(entry.subject_id)!.state, state as ContextState)
    )
  }
  return answers
}
