import { createHash } from 'node:crypto'
import type { Connection, NewRow, Row } from '../database'
import { inBatches } from '../database'

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
 * Adds entries at the end of the chain; call it inside the transaction that makes the change.
 * @param together as one bulk change, which undo takes back as a whole
 */
export async function append(
  db: Connection,
  drafts: readonly Draft[],
  together = false
): Promise<Row<'revision'>[]> {
  if (drafts.length === 0) return []
  let head = await readHead(db)
  const group_seq = together ? head.seq + 1 : null
  const rows = drafts.map(draft => {
    const entry = { undoes: null, ...draft, group_seq, seq: head.seq + 1 }
    const row: Row<'revision'> = { ...entry, hash: chainHash(head.hash, entry) }
    head = { seq: row.seq, hash: row.hash }
    return row
  })
  for (const batch of inBatches(rows)) await db.insertInto('revision').values(batch).execute()
  const value = JSON.stringify(head)
  await db
    .insertInto('meta')
    .values({ key: HEAD, value })
    .onConflict(conflict => conflict.column('key').doUpdateSet({ value }))
    .execute()
  return rows
}
