import { createHash } from 'node:crypto'
import type { Connection, NewRow, Row } from '../database'
import { BATCH, inBatches, repeated } from '../database'
import { createPace, type Pace } from './pace'

/** The hash before the first entry. */
export const GENESIS = '0'.repeat(64)

/** Row of table meta that names the newest entry, so that a history cut off at its end is noticed. */
const HEAD = 'history_head'

export interface Head {
  seq: number
  hash: string
}

/** An entry before it has its place in the chain. */
export type Draft = Omit<NewRow<'revision'>, 'seq' | 'hash' | 'group_seq'>

/**
 * SHA-256, hexadecimal, over the UTF-8 bytes of the JSON array
 * [previous hash, seq, at, reader, source, kind, subject_id, old_json, new_json, reason, undoes] without white space, with
 * group_seq at its end where the entry is part of a bulk change.
 * old_json and new_json enter as the texts that are stored. Anyone can recompute it with a few lines of any language.
 */
export function chainHash(previous: string, entry: Omit<Row<'revision'>, 'hash'>): string {
  const fields = [
    previous,
    entry.seq,
    entry.at,
    entry.reader,
    entry.source,
    entry.kind,
    entry.subject_id,
    entry.old_json,
    entry.new_json,
    entry.reason,
    entry.undoes,
    ...(entry.group_seq === null ? [] : [entry.group_seq])
  ]
  return createHash('sha256').update(JSON.stringify(fields), 'utf8').digest('hex')
}

/** Newest entry as table meta has it; seq 0 and GENESIS for an empty history. */
export async function readHead(db: Connection): Promise<Head> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', HEAD).executeTakeFirst()
  return row ? (JSON.parse(row.value) as Head) : { seq: 0, hash: GENESIS }
}

/**
 * Gives entries their place after `head`.
 * @param together as one bulk change, which undo takes back as a whole
 */
export async function chain(
  head: Head,
  drafts: readonly Draft[],
  together: boolean,
  pace: Pace
): Promise<Row<'revision'>[]> {
  const rows: Row<'revision'>[] = []
  let { seq, hash: previous } = head
  const group_seq = together ? seq + 1 : null
  for (const draft of drafts) {
    const entry = { undoes: null, ...draft, group_seq, seq: ++seq }
    previous = chainHash(previous, entry)
    rows.push({ ...entry, hash: previous })
    if (rows.length % BATCH === 0) await pace.pass(BATCH)
  }
  return rows
}

const COLUMNS = [
  'seq',
  'at',
  'reader',
  'source',
  'kind',
  'subject_id',
  'old_json',
  'new_json',
  'reason',
  'undoes',
  'group_seq',
  'hash'
] as const satisfies (keyof Row<'revision'>)[]

/** Writes entries that follow the newest one; call it inside the transaction that makes the change. */
export async function writeEntries(
  db: Connection,
  rows: readonly Row<'revision'>[],
  pace: Pace
): Promise<void> {
  const last = rows.at(-1)
  if (!last) return
  const insert = (some: readonly Row<'revision'>[]) =>
    db.insertInto('revision').values(some.map(row => pick(row)))
  const insertFull = rows.length > BATCH ? repeated(db, insert(rows.slice(0, BATCH))) : null
  for (const batch of inBatches(rows)) {
    if (insertFull && batch.length === BATCH)
      await insertFull(batch.flatMap(row => COLUMNS.map(column => row[column])))
    else await insert(batch).execute()
    await pace.pass(batch.length)
  }
  const head: Head = { seq: last.seq, hash: last.hash }
  const value = JSON.stringify(head)
  await db
    .insertInto('meta')
    .values({ key: HEAD, value })
    .onConflict(conflict => conflict.column('key').doUpdateSet({ value }))
    .execute()
}

/** In the order in which `writeEntries` binds the values. */
function pick(row: Row<'revision'>): Row<'revision'> {
  return Object.fromEntries(COLUMNS.map(column => [column, row[column]])) as unknown as Row<'revision'>
}

/** Adds a few entries at the end of the chain; call it inside the transaction that makes the change. */
export async function append(db: Connection, drafts: readonly Draft[]): Promise<Row<'revision'>[]> {
  const pace = createPace()
  const rows = await chain(await readHead(db), drafts, false, pace)
  await writeEntries(db, rows, pace)
  return rows
}
