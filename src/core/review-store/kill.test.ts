import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openProjectDatabase } from '../database'
import { createRandom, systemClock } from '../foundation'
import { createReviewStore } from './review-store'
import { makeProject, protocolFilms, removeProject, SETTINGS } from './test-project.fixture'

const KILLS = 5
const FILMS = 400

it('loses no saved reading and gives no film to two readers, whenever its process is killed', async () => {
  const project = await makeProject(FILMS)
  const made = createReviewStore(project.database, systemClock)
  await made.makeProtocol({
    name: 'kill',
    createdBy: 'Kim',
    seed: 1,
    settings: SETTINGS,
    films: protocolFilms(FILMS)
  })
  await project.database.close()
  const random = createRandom(Number(process.env.NEOGATE_SEED ?? 1), 'kill')
  const acknowledged = new Map<number, string>()
  try {
    for (let kill = 0; kill < KILLS; kill++) {
      const child = spawn(
        process.execPath,
        ['--import', 'tsx', join(import.meta.dirname, 'reading-films.fixture.ts'), project.folder],
        { stdio: ['ignore', 'pipe', 'inherit'] }
      )
      let text = ''
      let killing = false
      const after = random.integer(0, 60)
      child.stdout.on('data', chunk => {
        text += chunk
        if (killing) return
        killing = true
        setTimeout(() => child.kill('SIGKILL'), after)
      })
      const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
      expect([code, signal]).toEqual([null, 'SIGKILL'])
      for (const line of text.split('\n').slice(0, -1)) {
        const [seq, hash] = line.split(' ')
        acknowledged.set(Number(seq), hash!)
      }

      const database = await openProjectDatabase({ folder: project.folder, mode: 'open' })
      const review = createReviewStore(database, systemClock)
      expect(await review.verify()).toMatchObject({ intact: true, broken: null })
      const readings = await review.readings(null)
      const kept = new Map(readings.map(reading => [reading.seq, reading.hash]))
      for (const [seq, hash] of acknowledged) expect(kept.get(seq)).toBe(hash)
      expect(new Set(readings.map(({ filmId }) => filmId)).size).toBe(readings.length)
      // Whoever had a film in hand is given that film again, not another.
      const { id } = await review.protocol('kill')
      for (const { reader, holding } of await review.progress(id)) {
        if (holding === null) continue
        const task = await review.claimNext(await review.protocol(id), reader)
        expect(task!.filmId).toBe(holding)
      }
      await database.close()
    }
    expect(acknowledged.size).toBeGreaterThan(KILLS)
  } finally {
    await removeProject(project)
  }
}, 120_000)
