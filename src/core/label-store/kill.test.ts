import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openProjectDatabase } from '../database'
import { createRandom, systemClock } from '../foundation'
import { createLabelStore } from './label-store'
import { changeOfAll, makeProject, removeProject, stateOf } from './test-project.fixture'

const KILLS = 6

it('has a change of many, or its undo, whole or not at all when its process is killed on the way', async () => {
  const project = await makeProject(300)
  const open = async () => {
    const database = await openProjectDatabase({ folder: project.folder, mode: 'open' })
    return { database, labels: createLabelStore(database, systemClock, stateOf) }
  }
  /** @param after how often it looks whether it is cancelled: about once for each film that is written */
  const kill = async (way: 'change' | 'undo', after: number) => {
    const fixture = join(import.meta.dirname, 'changing-many.fixture.ts')
    const args = ['--import', 'tsx', fixture, project.folder, way, String(after)]
    const [, signal] = (await once(spawn(process.execPath, args, { stdio: 'inherit' }), 'close')) as unknown[]
    expect(signal).toBe('SIGKILL')
  }
  /** Entries of the history and films with a label, which an intact project agrees on. */
  const found = async () => {
    const { database, labels } = await open()
    expect(await labels.verify()).toMatchObject({ intact: true, broken: null })
    const films = await database.kysely.selectFrom('film').select('label').execute()
    const state = [await labels.head(), films.filter(({ label }) => label !== null).length]
    await database.close()
    return state
  }
  try {
    await project.database.close()
    await kill('change', 400)
    expect(await found()).toEqual([0, 0])
    const { database, labels } = await open()
    await labels.changeMany(await changeOfAll(database, labels))
    await database.close()
    await kill('undo', 500)
    expect(await found()).toEqual([600, 600])
  } finally {
    await removeProject(project)
  }
}, 120_000)

it('loses no acknowledged change when its process is killed at any moment', async () => {
  const project = await makeProject()
  await project.database.close()
  const random = createRandom(Number(process.env.NEOGATE_SEED ?? 1), 'kill')
  const acknowledged = new Map<number, string>()
  try {
    for (let kill = 0; kill < KILLS; kill++) {
      const child = spawn(
        process.execPath,
        ['--import', 'tsx', join(import.meta.dirname, 'writing-labels.fixture.ts'), project.folder],
        { stdio: ['ignore', 'pipe', 'inherit'] }
      )
      let text = ''
      let killing = false
      const after = random.integer(0, 40)
      child.stdout.on('data', chunk => {
        text += chunk
        if (killing) return
        killing = true
        setTimeout(() => child.kill('SIGKILL'), after)
      })
      const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
      expect([code, signal]).toEqual([null, 'SIGKILL'])
      // The last line may have been cut by the kill; only whole lines count as acknowledged.
      for (const line of text.split('\n').slice(0, -1)) {
        const [seq, hash] = line.split(' ')
        acknowledged.set(Number(seq), hash!)
      }

      const database = await openProjectDatabase({ folder: project.folder, mode: 'open' })
      const labels = createLabelStore(database, systemClock, stateOf)
      expect(await labels.verify()).toMatchObject({ intact: true, broken: null })
      const rows = await database.kysely.selectFrom('revision').select(['seq', 'hash']).execute()
      const kept = new Map(rows.map(row => [row.seq, row.hash]))
      for (const [seq, hash] of acknowledged) expect(kept.get(seq)).toBe(hash)
      await database.close()
    }
    expect(acknowledged.size).toBeGreaterThan(KILLS)
  } finally {
    await removeProject(project)
  }
}, 120_000)
