import { setImmediate as nextTurn } from 'node:timers/promises'
import type { DatabaseSyncInstance } from '@photostructure/sqlite'
import { sql } from 'kysely'
import type { Connection, Database } from './schema'

/** Taken between two turns of the event loop. */
const AT_ONCE = 5000

/** Films whose row was written and committed, until somebody takes them. */
export interface ChangedFilms {
  /** Ids of all since the last call. */
  take(): Promise<string[]>
  /** Until `release`, `take` answers from what was committed before and waits for no connection. */
  hold(connection: Connection): Promise<void>
  release(): void
}

/** Triggers of this connection only, in memory, inside the transaction of the write itself: nothing can forget to tell. */
export function noteChangedFilms(connection: DatabaseSyncInstance, db: Database): ChangedFilms {
  connection.exec(`
    CREATE TEMP TABLE changed_film (id TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TEMP TRIGGER film_inserted AFTER INSERT ON main.film
      BEGIN INSERT OR IGNORE INTO changed_film VALUES (new.id); END;
    CREATE TEMP TRIGGER film_updated AFTER UPDATE ON main.film
      BEGIN INSERT OR IGNORE INTO changed_film VALUES (new.id); END;
  `)
  /** Taken from the table, but by nobody yet. */
  let kept: string[] = []
  let held = false

  async function takeFrom(connection: Connection): Promise<string[]> {
    const ids: string[] = []
    for (;;) {
      const { rows } = await sql<{ id: string }>`
        delete from temp.changed_film where id in (select id from temp.changed_film limit ${AT_ONCE})
        returning id`.execute(connection)
      ids.push(...rows.map(row => row.id))
      if (rows.length < AT_ONCE) return ids
      await nextTurn()
    }
  }

  return {
    async take() {
      const taken = held ? [] : await takeFrom(db)
      const ids = [...new Set([...kept, ...taken])]
      kept = []
      return ids
    },
    async hold(connection) {
      kept = [...kept, ...(await takeFrom(connection))]
      held = true
    },
    release: () => (held = false)
  }
}
