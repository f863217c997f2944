import type { Compilable } from 'kysely'
import type { Connection } from './schema'

/** A statement that is written once and run with many values: writing its text takes kysely longer than SQLite takes to run it. */
export function repeated(
  db: Connection,
  statement: Compilable
): (parameters: readonly unknown[]) => Promise<void> {
  const compiled = statement.compile()
  return async parameters => {
    await db.executeQuery({ ...compiled, parameters })
  }
}
