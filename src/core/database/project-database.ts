import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile, readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import { Kysely, sql, type Migration } from 'kysely'
import { NeoGateError, fromSystemError, systemClock, type Clock } from '../foundation'
import { noteChangedFilms } from './changed-films'
import { createSqliteDialect } from './dialect'
import { longTransaction } from './long-transaction'
import { migrate } from './migrate'
import { migrations as allMigrations } from './migrations'
import type { Connection, Database, Schema } from './schema'
import { fromSqliteError } from './sqlite-errors'

export const DATABASE_FILE = 'neogate.sqlite'
/** Says who has the project open, for the message that a second process shows. Never decides anything. */
const LOCK_FILE = 'lock.json'

/** Tables whose loss could not be made good by importing or predicting again; checked at every opening. */
const PRECIOUS_TABLES = [
  'meta',
  'patient',
  'film',
  'revision',
  'split',
  'split_patient',
  'split_film',
  'test_access',
  'reader',
  'protocol',
  'protocol_film',
  'reading_task',
  'reading'
] as const

export interface ProjectFacts {
  name: string
  createdAt: string
  demo: boolean
}

export interface ProjectDatabase {
  readonly folder: string
  readonly kysely: Database
  readonly schemaVersion: number
  readonly facts: ProjectFacts
  /** Ids of the films whose row was written since the last call (uncommitted and rolled back writes do not count). */
  takeChangedFilms(): Promise<string[]>
  /**
   * A transaction that writes much, in turns of the event loop. Other queries wait for its end, except takeChangedFilms: nothing
   * else is committed meanwhile.
   */
  longTransaction<Result>(work: (db: Connection) => Promise<Result>): Promise<Result>
  /** Waits for the running query, checkpoints and lets go of the project. */
  close(): Promise<void>
}

export type OpenProjectOptions = {
  folder: string
  clock?: Clock
  /** For tests of migration; the product always has all. */
  migrations?: Record<string, Migration>
} & ({ mode: 'create'; name: string; demo?: boolean } | { mode: 'open' })

/**
 * Opens or makes the database of a project folder. One process at a time: the lock is the operating system's on the
 * database file, so that it goes when its process goes, however that ends. A commit is on the disk (WAL, synchronous FULL)
 * before its promise resolves.
 * @throws NeoGateError PROJECT_EXISTS, NOT_FOUND, PROJECT_LOCKED, PROJECT_NEWER, PROJECT_DAMAGED, DISK_FULL, FILE_REFUSED
 */
export async function openProjectDatabase(options: OpenProjectOptions): Promise<ProjectDatabase> {
  const { folder, clock = systemClock, migrations = allMigrations } = options
  const file = join(folder, DATABASE_FILE)
  const present = existsSync(file)
  if (options.mode === 'open' && !present) throw notAProject(folder)
  if (options.mode === 'create') {
    await mkdir(folder, { recursive: true }).catch(error => {
      throw fromSystemError(error, folder)
    })
  }

  const connection = await connect(file, folder)
  const kysely = new Kysely<Schema>({ dialect: createSqliteDialect(connection, file) })
  try {
    const schemaVersion = await migrate(kysely as unknown as Kysely<unknown>, migrations, file)
    checkIntegrity(connection, file)
    const known = await readFacts(kysely)
    if (options.mode === 'create' && known) {
      throw projectExists(folder)
    }
    if (options.mode === 'open' && !known) throw notAProject(folder)
    const facts = known ?? (await writeFacts(kysely, options, clock))
    const changed = noteChangedFilms(connection, kysely)
    await writeLockFile(folder, clock)
    return {
      folder,
      kysely,
      schemaVersion,
      facts,
      takeChangedFilms: changed.take,
      longTransaction: work => longTransaction(kysely, `${file}-wal`, changed, work),
      close: async () => {
        await rm(join(folder, LOCK_FILE), { force: true }).catch(() => {})
        await sql`select 1`.execute(kysely)
        releaseLock(connection)
        await kysely.destroy()
      }
    }
  } catch (error) {
    releaseLock(connection)
    await kysely.destroy()
    if (connection.isOpen) connection.close()
    throw fromSqliteError(error, file)
  }
}

/** True for a folder that holds a project's database. */
export function isProjectFolder(folder: string): boolean {
  return existsSync(join(folder, DATABASE_FILE))
}

export function projectExists(folder: string): NeoGateError {
  return new NeoGateError('PROJECT_EXISTS', `This folder already holds a NeoGate project: ${folder}.`, {
    file: folder,
    remedy: 'Open it, or choose another folder.'
  })
}

function notAProject(folder: string): NeoGateError {
  return new NeoGateError('NOT_FOUND', `There is no NeoGate project in ${folder}.`, {
    file: folder,
    remedy: 'Choose the folder of a project, or make a new project there.'
  })
}

async function connect(file: string, folder: string): Promise<DatabaseSyncInstance> {
  let connection: DatabaseSyncInstance | undefined
  try {
    connection = new DatabaseSync(file)
    // Exclusive locking first: then WAL needs no shared memory file and works on network drives too.
    connection.exec('PRAGMA locking_mode = EXCLUSIVE')
    connection.exec('PRAGMA journal_mode = WAL')
    connection.exec('PRAGMA synchronous = FULL')
    // macOS only: plain fsync there does not reach the platter.
    connection.exec('PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON')
    connection.exec('PRAGMA foreign_keys = ON')
    connection.exec('PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536')
    connection.exec('BEGIN EXCLUSIVE; COMMIT')
    return connection
  } catch (thrown) {
    connection?.close()
    const error = fromSqliteError(thrown, file)
    if (error instanceof NeoGateError && error.code === 'PROJECT_LOCKED') throw await lockedBy(folder)
    throw error
  }
}

/**
 * The driver keeps a closed connection alive, lock included, until its statements are collected as garbage. Leaving WAL
 * and the exclusive mode lets go of the file at once, and leaves the project as a single file.
 */
function releaseLock(connection: DatabaseSyncInstance): void {
  try {
    connection.exec('PRAGMA journal_mode = DELETE')
    connection.exec('PRAGMA locking_mode = NORMAL')
    connection.prepare('SELECT count(*) FROM sqlite_schema').all()
  } catch {
    // A damaged or full disk must not keep the project from being closed; the next opening recovers from the WAL.
  }
}

function checkIntegrity(connection: DatabaseSyncInstance, file: string): void {
  for (const table of PRECIOUS_TABLES) {
    const [finding] = connection.prepare(`PRAGMA quick_check('${table}')`).all() as { quick_check: string }[]
    if (finding?.quick_check === 'ok') continue
    throw new NeoGateError(
      'PROJECT_DAMAGED',
      `The project's database is damaged in table ${table}: ${file} (${finding?.quick_check}).`,
      { file, remedy: 'Restore this file from a backup; the images themselves are untouched.' }
    )
  }
}

/** null where the making of the project never came to its end. */
async function readFacts(db: Database): Promise<ProjectFacts | null> {
  const rows = await db.selectFrom('meta').selectAll().execute()
  const meta = new Map(rows.map(row => [row.key, row.value]))
  const name = meta.get('name')
  const createdAt = meta.get('created_at')
  if (name === undefined || createdAt === undefined) return null
  return { name, createdAt, demo: meta.get('demo') === '1' }
}

async function writeFacts(
  db: Database,
  options: OpenProjectOptions & { mode: 'create' | 'open' },
  clock: Clock
): Promise<ProjectFacts> {
  if (options.mode !== 'create') throw notAProject(options.folder)
  const facts = { name: options.name, createdAt: clock.timestamp(), demo: options.demo ?? false }
  await db
    .insertInto('meta')
    .values([
      { key: 'name', value: facts.name },
      { key: 'created_at', value: facts.createdAt },
      { key: 'demo', value: facts.demo ? '1' : '0' }
    ])
    .execute()
  return facts
}

async function writeLockFile(folder: string, clock: Clock): Promise<void> {
  const holder = { pid: process.pid, host: hostname(), since: clock.timestamp() }
  await writeFile(join(folder, LOCK_FILE), `${JSON.stringify(holder)}\n`).catch(() => {})
}

async function lockedBy(folder: string): Promise<NeoGateError> {
  const holder = await readFile(join(folder, LOCK_FILE), 'utf8')
    .then(text => JSON.parse(text) as { pid?: number; host?: string; since?: string })
    .catch(() => null)
  const who = holder?.pid
    ? ` by process ${holder.pid} on ${holder.host ?? 'this computer'} since ${holder.since ?? 'some time'}`
    : ''
  return new NeoGateError('PROJECT_LOCKED', `This project is already open${who}: ${folder}.`, {
    file: folder,
    remedy: 'Close it there (or stop that process), then open it here.'
  })
}
