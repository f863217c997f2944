import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openProjectDatabase } from '../database'
import { createRandom, systemClock } from '../foundation'
import { createLabelStore } from './label-store'
import { makeProject, removeProject, stateOf } from './test-project.fixture'

const KILLS = 6

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
