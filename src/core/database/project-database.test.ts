import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { migrations } from './migrations'
import { DATABASE_FILE, openProjectDatabase, type ProjectDatabase } from './project-database'

let folder: string
let opened: ProjectDatabase[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'neogate-database-'))
})

afterEach(async () => {
  for (const database of opened) await database.close().catch(() => {})
  opened = []
  await rm(folder, { recursive: true, force: true })
})

async function create(name = 'Ward'): Promise<ProjectDatabase> {
  const database = await openProjectDatabase({ folder, mode: 'create', name })
  opened.push(database)
  return database
}

async function reopen(): Promise<ProjectDatabase> {
  const database = await openProjectDatabase({ folder, mode: 'open' })
  opened.push(database)
  return database
}

const FILM = {
  patient_id: 'p',
  patient_key: 'k',
  site: 's',
  root: '/r',
  path: 'a.dcm',
  fingerprint: 'f',
  byte_size: 1,
  modified_at: '',
  header_json: '{}',
  added_at: '',
  film_number: 1,
  film_count: 1,
  context_state: 'missing'
}

describe('project database', () => {
  it('keeps its facts, writes ahead, syncs every commit and checks references', async () => {
    const database = await create('신생아실')
    const pragma = async (name: string) => {
      const { rows } = await sql.raw<Record<string, unknown>>(`pragma ${name}`).execute(database.kysely)
      return Object.values(rows[0]!)[0]
    }
    expect(await pragma('journal_mode')).toBe('wal')
    expect(await pragma('synchronous')).toBe(2)
    expect(await pragma('locking_mode')).toBe('exclusive')
    expect(await pragma('foreign_keys')).toBe(1)
    await database.close()
    const again = await reopen()
    expect(again.facts).toEqual({ ...database.facts, name: '신생아실', demo: false })
    expect(again.schemaVersion).toBe(Object.keys(migrations).length)
  })

  it('refuses to make a project where there is one, and to open one where there is none', async () => {
    await expect(openProjectDatabase({ folder, mode: 'open' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(existsSync(join(folder, DATABASE_FILE))).toBe(false)
    await (await create()).close()
    await expect(openProjectDatabase({ folder, mode: 'create', name: 'x' })).rejects.toMatchObject({
      code: 'PROJECT_EXISTS'
    })
    expect((await reopen()).facts.name).toBe('Ward')
  })

  it('finishes a project whose making was cut short before it had a name', async () => {
    const database = await create()
    await database.kysely.deleteFrom('meta').execute()
    await database.close()
    await expect(openProjectDatabase({ folder, mode: 'open' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect((await create('Second try')).facts.name).toBe('Second try')
  })

  it('is open once: in this process, and against another process, whose death frees it', async () => {
    const database = await create()
    await expect(openProjectDatabase({ folder, mode: 'open' })).rejects.toMatchObject({
      code: 'PROJECT_LOCKED',
      message: expect.stringContaining(`process ${process.pid}`)
    })
    await database.close()

    const holder = fork(join(import.meta.dirname, 'holding-project.fixture.ts'), [folder], {
      execArgv: ['--import', 'tsx']
    })
    const exited = once(holder, 'exit')
    await once(holder, 'message')
    await expect(openProjectDatabase({ folder, mode: 'open' })).rejects.toMatchObject({
      code: 'PROJECT_LOCKED',
      message: expect.stringContaining(`process ${holder.pid}`),
      detail: { remedy: expect.stringContaining('Close it there') }
    })
    holder.kill('SIGKILL')
    await exited
    expect((await reopen()).facts.name).toBe('Ward')
  })

  it('leaves one file and no lock behind when closed', async () => {
    const database = await create()
    await database.close()
    expect(existsSync(join(folder, `${DATABASE_FILE}-wal`))).toBe(false)
    expect(existsSync(join(folder, 'lock.json'))).toBe(false)
  })

  it('refuses what is not a database, and a database with a damaged page', async () => {
    const file = join(folder, DATABASE_FILE)
    await writeFile(file, 'these are not the bytes of a database, '.repeat(200))
    await expect(openProjectDatabase({ folder, mode: 'open' })).rejects.toMatchObject({
      code: 'PROJECT_DAMAGED',
      detail: { file }
    })
    await rm(file)

    const database = await create()
    for (let i = 0; i < 400; i++) {
      await database.kysely
        .insertInto('patient')
        .values({ id: `p${i}`, site: 'Seoul', patient_key: `key ${i} ${'x'.repeat(60)}` })
        .execute()
    }
    const root = await sql<{
      rootpage: number
    }>`select rootpage from sqlite_schema where name = 'patient'`.execute(database.kysely)
    await database.close()
    const handle = await open(file, 'r+')
    await handle.write(Buffer.alloc(4096, 0xa5), 0, 4096, (root.rows[0]!.rootpage - 1) * 4096)
    await handle.close()
    await expect(openProjectDatabase({ folder, mode: 'open' })).rejects.toMatchObject({
      code: 'PROJECT_DAMAGED'
    })
  })

  it('says that a disk is full, keeps what was saved, and goes on when there is room', async () => {
    const { kysely } = await create()
    const put = (key: string, bytes: number) =>
      kysely.transaction().execute(async db => {
        await db
          .insertInto('meta')
          .values({ key, value: 'x'.repeat(bytes) })
          .execute()
      })
    await put('small', 10)
    const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(kysely)
    await sql.raw(`pragma max_page_count = ${rows[0]!.page_count + 2}`).execute(kysely)
    await expect(put('large', 1_000_000)).rejects.toMatchObject({ code: 'DISK_FULL' })
    const keys = async () => (await kysely.selectFrom('meta').select('key').execute()).map(row => row.key)
    expect(await keys()).toContain('small')
    expect(await keys()).not.toContain('large')
    await sql`pragma max_page_count = 1000000`.execute(kysely)
    await put('large', 1_000_000)
    expect(await keys()).toContain('large')
  })

  it('refuses to bind what SQLite would store as nothing', async () => {
    const { kysely } = await create()
    const bind = (value: unknown) =>
      kysely
        .insertInto('meta')
        .values({ key: 'k', value: value as string })
        .execute()
    await expect(bind(new Date())).rejects.toThrow('Date')
    await expect(bind(true)).rejects.toThrow('boolean')
    expect(await kysely.selectFrom('meta').select('key').where('key', '=', 'k').execute()).toEqual([])
  })

  it('writes a long transaction whole or not at all, and tells meanwhile what was written before', async () => {
    const database = await create()
    const patient = (id: string) => ({ id, site: 's', patient_key: id })
    const film = (id: string) => ({ ...FILM, id, path: id })
    await database.kysely.insertInto('patient').values(patient('p')).execute()
    await database.kysely.insertInto('film').values(film('before')).execute()
    const told: string[][] = []
    const write = (id: string, fail: boolean) =>
      database.longTransaction(async db => {
        await db.insertInto('film').values(film(id)).execute()
        told.push(await database.takeChangedFilms())
        if (fail) throw new Error('no')
        return id
      })
    await expect(write('lost', true)).rejects.toThrow('no')
    expect(await write('kept', false)).toBe('kept')
    expect(told).toEqual([['before'], []])
    expect(await database.takeChangedFilms()).toEqual(['kept'])
    const { rows } = await sql<{ id: string }>`select id from film order by id`.execute(database.kysely)
    expect(rows.map(({ id }) => id)).toEqual(['before', 'kept'])
    const pragma = async (name: string) =>
      Object.values(
        (await sql.raw<Record<string, number>>(`pragma ${name}`).execute(database.kysely)).rows[0]!
      )
    expect([await pragma('cache_size'), await pragma('wal_autocheckpoint')]).toEqual([[-65536], [1000]])
    await database.close()
    expect((await reopen()).facts.name).toBe('Ward')
  })

  it('tells which films were written, without those of a rolled back transaction', async () => {
    const database = await create()
    const { kysely } = database
    await kysely.insertInto('patient').values({ id: 'p', site: 's', patient_key: 'k' }).execute()
    await kysely
      .insertInto('film')
      .values([
        { ...FILM, id: 'a' },
        { ...FILM, id: 'b' }
      ])
      .execute()
    expect((await database.takeChangedFilms()).sort()).toEqual(['a', 'b'])
    await kysely.updateTable('film').set({ missing: 1 }).where('id', '=', 'b').execute()
    const rolledBack = kysely.transaction().execute(async db => {
      await db.updateTable('film').set({ missing: 1 }).where('id', '=', 'a').execute()
      throw new Error('no')
    })
    await expect(rolledBack).rejects.toThrow('no')
    expect(await database.takeChangedFilms()).toEqual(['b'])
    expect(await database.takeChangedFilms()).toEqual([])
  })
})

describe('migrations', () => {
  it('are numbered, and listed in the order of their numbers', () => {
    const names = Object.keys(migrations)
    for (const name of names) expect(name).toMatch(/^\d{4}-[a-z-]+$/)
    expect(names).toEqual([...names].sort())
    expect(new Set(names.map(name => name.slice(0, 4))).size).toBe(names.length)
  })

  it('bring an older project up to date and keep its rows', async () => {
    await (await create()).close()
    const later = {
      ...migrations,
      '9999-colour': {
        up: async (db: never) => void (await sql`alter table patient add column colour text`.execute(db))
      }
    }
    const upgraded = await openProjectDatabase({ folder, mode: 'open', migrations: later })
    opened.push(upgraded)
    expect(upgraded.schemaVersion).toBe(Object.keys(migrations).length + 1)
    expect(upgraded.facts.name).toBe('Ward')
    await upgraded.close()

    await expect(openProjectDatabase({ folder, mode: 'open' })).rejects.toMatchObject({
      code: 'PROJECT_NEWER',
      message: expect.stringContaining('newer NeoGate')
    })
    const newer = await openProjectDatabase({ folder, mode: 'open', migrations: later })
    opened.push(newer)
    expect(newer.facts).toEqual(upgraded.facts)
  })

  it('are applied whole or not at all', async () => {
    await (await create()).close()
    const failing = {
      ...migrations,
      '9999-half': {
        up: async (db: never) => {
          await sql`create table half (a text)`.execute(db)
          throw new Error('power cut')
        }
      }
    }
    await expect(openProjectDatabase({ folder, mode: 'open', migrations: failing })).rejects.toThrow(
      'power cut'
    )
    const database = await reopen()
    const tables = await database.kysely.introspection.getTables()
    expect(tables.map(table => table.name)).not.toContain('half')
    expect(database.facts.name).toBe('Ward')
  })
})
