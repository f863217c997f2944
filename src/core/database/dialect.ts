import type { DatabaseSyncInstance } from '@photostructure/sqlite'
import {
  CompiledQuery,
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type SqliteDatabase,
  type SqliteStatement
} from 'kysely'
import { fromSqliteError } from './sqlite-errors'

/** Prepared statements kept per connection; a page of rows and a batch of inserts each need a few. */
const STATEMENT_CACHE = 256

type Bindable = null | number | bigint | string | Uint8Array

/** The driver binds a Date as NULL without a word, and refuses booleans late: both are caught here, by name. */
function bindable(value: unknown): Bindable {
  if (
    value === null ||
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    typeof value === 'string' ||
    value instanceof Uint8Array
  ) {
    return value
  }
  throw new TypeError(
    `Cannot store a ${value instanceof Date ? 'Date' : typeof value}: pass text or a number.`
  )
}

/** The node:sqlite interface as the one that kysely's SQLite driver expects, with prepared statements kept. */
function adaptConnection(connection: DatabaseSyncInstance, file: string): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>()
  const run = <Result>(work: () => Result): Result => {
    try {
      return work()
    } catch (error) {
      throw fromSqliteError(error, file)
    }
  }

  function prepare(text: string): SqliteStatement {
    const statement = connection.prepare(text)
    return {
      reader: statement.columns().length > 0,
      all: parameters => run(() => statement.all(...parameters.map(bindable))),
      run: parameters => run(() => statement.run(...parameters.map(bindable))),
      iterate: parameters => statement.iterate(...parameters.map(bindable))
    }
  }

  return {
    close: () => {
      statements.clear()
      connection.close()
    },
    prepare: text => {
      const kept = statements.get(text)
      if (kept) {
        statements.delete(text)
        statements.set(text, kept)
        return kept
      }
      const made = run(() => prepare(text))
      statements.set(text, made)
      if (statements.size > STATEMENT_CACHE) statements.delete(statements.keys().next().value!)
      return made
    }
  }
}

/** SQLite rolls some failed transactions back by itself (full disk); a second rollback would hide the first error. */
class Driver extends SqliteDriver {
  constructor(
    private readonly connection: DatabaseSyncInstance,
    file: string
  ) {
    super({ database: adaptConnection(connection, file) })
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.connection.isTransaction) await super.rollbackTransaction(connection)
  }
}

/** SQLite changes its schema inside transactions, so that a migration is applied whole or not at all. */
class Adapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

/** kysely on one open SQLite connection; destroying the Kysely closes it. `file` is named in errors. */
export function createSqliteDialect(connection: DatabaseSyncInstance, file: string): Dialect {
  return {
    createAdapter: () => new Adapter(),
    createDriver: () => new Driver(connection, file),
    createIntrospector: db => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler()
  }
}
