import { Migrator, type Kysely, type Migration } from 'kysely'
import { NeoGateError, toError } from '../foundation'

/**
 * Brings a database to the newest schema, each migration in a transaction of its own.
 * @returns schema version: how many migrations have been applied
 * @throws NeoGateError PROJECT_NEWER when it was written by a later NeoGate; PROJECT_DAMAGED when its record of migrations
 *   is not one that any version of NeoGate leaves
 */
export async function migrate(
  db: Kysely<unknown>,
  known: Record<string, Migration>,
  file: string
): Promise<number> {
  const names = Object.keys(known).sort()
  const applied = await appliedMigrations(db)
  const unknown = applied.filter(name => !known[name])
  if (unknown.length > 0) {
    throw new NeoGateError(
      'PROJECT_NEWER',
      `This project was last opened by a newer NeoGate (schema version ${applied.length}; this one knows ${names.length}): ${file}.`,
      { file, remedy: 'Install the newer NeoGate; nothing in the project was changed.' }
    )
  }
  if (applied.some((name, index) => name !== names[index])) {
    throw new NeoGateError(
      'PROJECT_DAMAGED',
      `The project's record of migrations is out of order (${applied.join(', ')}): ${file}.`,
      { file, remedy: 'Restore this file from a backup.' }
    )
  }
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(known) } })
  const { error } = await migrator.migrateToLatest()
  if (error !== undefined) throw toError(error)
  return names.length
}

/** Names of the migrations that a database has, in order; none for a new one. */
async function appliedMigrations(db: Kysely<unknown>): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some(table => table.name === 'kysely_migration')) return []
  const rows = await (db as Kysely<{ kysely_migration: { name: string } }>)
    .selectFrom('kysely_migration')
    .select('name')
    .orderBy('name')
    .execute()
  return rows.map(row => row.name)
}
