import { open } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { sql } from 'kysely'
import type { ChangedFilms } from './changed-films'
import type { Connection, Database } from './schema'

/** KiB of pages held in memory before they go to the write-ahead log: less is left for the commit to write at once. */
const SPILL_KIB = 8192
const CACHE_KIB = 65_536
/** SQLite's own default, in pages. */
const CHECKPOINT_PAGES = 1000

/**
 * One transaction that writes tens of megabytes, without holding the event loop for as long as the disk takes: pages go to
 * the write-ahead log as they come and are synced beside, so that the commit finds little left; the log is copied into the
 * database in a turn of its own.
 * @param log the write-ahead log's file
 */
export function longTransaction<Result>(
  db: Database,
  log: string,
  changed: ChangedFilms,
  work: (db: Connection) => Promise<Result>
): Promise<Result> {
  return db.connection().execute(async connection => {
    const set = (name: string, value: number) => sql.raw(`pragma ${name} = ${value}`).execute(connection)
    await changed.hold(connection)
    await set('cache_size', -SPILL_KIB)
    await set('wal_autocheckpoint', 0)
    try {
      return await connection.transaction().execute(async transaction => {
        const result = await work(transaction)
        await syncBeside(log)
        return result
      })
    } finally {
      changed.release()
      await set('cache_size', -CACHE_KIB)
      await set('wal_autocheckpoint', CHECKPOINT_PAGES)
      await nextTurn()
      // What was committed stays so; a log that cannot be copied now is copied another time.
      await sql`pragma wal_checkpoint(passive)`.execute(connection).catch(() => {})
    }
  })
}

/** Only to spare the commit the wait: what it must have on the disk it syncs itself. */
async function syncBeside(file: string): Promise<void> {
  try {
    const handle = await open(file, 'r+')
    await handle.datasync().finally(() => handle.close())
  } catch {
    // Where it cannot be opened, the commit takes longer.
  }
}
