import { createHash } from 'node:crypto'
import type { Connection, Row } from '../database'

const GENESIS = '0'.repeat(64)
/** Row of table meta that names the newest reading, so that a chain cut off at its end is noticed. */
const HEAD = 'reading_head'
const PAGE = 2000

interface Head {
  seq: number
  hash: string
}

/**
 * SHA-256, hexadecimal, over the UTF-8 bytes of the JSON array [previous hash, seq, at, protocol_id, task_id, film_id, reader,
 * pass, diagnosis, certainty, comment, reason_codes_json, seconds, hidden_json, amends, after_reveal] without white space.
 */
function chainHash(previous: string, entry: Omit<Row<'reading'>, 'hash'>): string {
  const fields = [
    previous,
    entry.seq,
    entry.at,
    entry.protocol_id,
    entry.task_id,
    entry.film_id,
    entry.reader,
    entry.pass,
    entry.diagnosis,
    entry.certainty,
    entry.comment,
    entry.reason_codes_json,
    entry.seconds,
    entry.hidden_json,
    entry.amends,
    entry.after_reveal
  ]
  return createHash('sha256').update(JSON.stringify(fields), 'utf8').digest('hex')
}

async function readHead(db: Connection): Promise<Head> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', HEAD).executeTakeFirst()
  return row ? (JSON.parse(row.value) as Head) : { seq: 0, hash: GENESIS }
}

/** Adds a reading at the end of the chain; call it inside the transaction that marks its task done. */
export async function appendReading(
  db: Connection,
  draft: Omit<Row<'reading'>, 'seq' | 'hash'>
): Promise<Row<'reading'>> {
  const head = await readHead(db)
  const entry = { ...draft, seq: head.seq + 1 }
  const row: Row<'reading'> = { ...entry, hash: chainHash(head.hash, entry) }
  await db.insertInto('reading').values(row).execute()
  const value = JSON.stringify({ seq: row.seq, hash: row.hash } satisfies Head)
  await db
    .insertInto('meta')
    .values({ key: HEAD, value })
    .onConflict(conflict => conflict.column('key').doUpdateSet({ value }))
    .execute()
  return row
}

/** As label-store's verification: an edit, a removal, an insertion, a change of order or a cut at the end is found. */
export async function verifyReadings(db: Connection) {
  let entries = 0
  let previous = GENESIS
  const broken = (seq: number, problem: string) => ({ intact: false, entries, broken: { seq, problem } })
  for (;;) {
    const page = await db
      .selectFrom('reading')
      .selectAll()
      .where('seq', '>', entries)
      .orderBy('seq')
      .limit(PAGE)
      .execute()
    for (const row of page) {
      if (row.seq !== entries + 1) {
        return broken(entries + 1, `reading ${entries + 1} is missing; the next is ${row.seq}`)
      }
      if (chainHash(previous, row) !== row.hash) {
        return broken(row.seq, 'the reading was changed, or one before it was exchanged: hash differs')
      }
      entries = row.seq
      previous = row.hash
    }
    if (page.length < PAGE) break
  }
  const beforeFirst = await db.selectFrom('reading').select('seq').where('seq', '<', 1).executeTakeFirst()
  if (beforeFirst) return broken(beforeFirst.seq, 'a reading was put before the first one')
  const head = await readHead(db)
  if (head.seq !== entries || head.hash !== previous) {
    return broken(
      Math.min(head.seq, entries + 1),
      `readings are missing at the end, or were added without a head`
    )
  }
  return { intact: true, entries, broken: null }
}
