import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createChildPool, createRandom, forkChild, silentLogger, systemClock } from '../../foundation'
import type { CoreContext } from '../core-context'
import { createIntakeService, registerImportJobs } from '../intake'
import { openProjectSession } from '../project-session'

const FILMS = 600
const fixture = fileURLToPath(new URL('./killed-import.fixture.ts', import.meta.url))
const entry = fileURLToPath(new URL('../worker-entry.ts', import.meta.url))

let base: string
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'neogate-killed-'))
})
afterEach(() => rm(base, { recursive: true, force: true }))

const open = (mode: 'create' | 'open') =>
  openProjectSession({
    folder: join(base, 'project'),
    target: mode === 'create' ? { mode, name: 'killed' } : { mode },
    clock: systemClock,
    logger: silentLogger
  })

it('an import that kill -9 ends loses no film and no line of its report, and repeats none when it goes on', async () => {
  const folder = join(base, 'films')
  await mkdir(folder)
  for (let i = 0; i < FILMS; i++) {
    const random = createRandom(i)
    const pixels = Uint8Array.from({ length: 256 }, () => random.integer(0, 255))
    await sharp(pixels, { raw: { width: 16, height: 16, channels: 1 } })
      .png()
      .toFile(join(folder, `${i}.png`))
  }
  const table = join(base, 'table.csv')
  const body = Array.from({ length: FILMS }, (_, i) => `${i}.png,P${i},30+${i % 7},${1000 + i},RDS`)
  await writeFile(table, `file,infant,ga,bw,dx\n${body.join('\n')}`)
  const mapping = {
    columns: { imageKey: 'file', patientKey: 'infant', ga: 'ga', bw: 'bw', label: 'dx' },
    imageKeyKind: 'name',
    gaUnit: 'weeks+days',
    bwUnit: 'g',
    labels: { rds: 'RDS' },
    sexes: {},
    defaultSite: 'H'
  }
  await (await open('create')).close()

  const input = JSON.stringify({ source: { folder, table, mapping }, dryRun: false })
  const child = spawn(process.execPath, ['--import', 'tsx', fixture, join(base, 'project'), input], {
    stdio: ['ignore', 'pipe', 'inherit']
  })
  for await (const line of createInterface({ input: child.stdout })) {
    const { step, done } = JSON.parse(line) as { step: string; done: number }
    if (step === 'read' && done >= 32) child.kill('SIGKILL')
  }
  if (child.signalCode === null) await once(child, 'exit')
  expect(child.signalCode).toBe('SIGKILL')

  const films = createChildPool({
    spawn: forkChild(entry, ['--import', 'tsx']),
    role: 'film',
    size: 1,
    timeoutMs: 60_000
  })
  const session = await open('open')
  try {
    registerImportJobs({ films }, session)
    const before = (await session.studies.counts()).films
    expect(before).toBeGreaterThanOrEqual(32)
    expect(before).toBeLessThan(FILMS)
    const [job] = await session.jobs.list()
    expect(job!.state).toBe('paused')
    await session.jobs.resume(job!.id)
    for await (const { error } of session.jobs.watch(job!.id)) expect(error).toBeNull()

    const intake = createIntakeService({ project: () => session } as unknown as CoreContext)
    const report = await intake.report({ jobId: job!.id, outcomes: null, offset: 0, limit: 1000 }, {})
    expect(report.counts).toMatchObject({
      files: FILMS,
      new: FILMS,
      refused: 0,
      rowsRefused: 0,
      rowsUnmatched: 0,
      labels: FILMS,
      contexts: FILMS
    })
    expect(new Set(report.items.map(item => item.path)).size).toBe(FILMS)
    expect((await session.studies.counts()).labelled).toBe(FILMS)
    expect(await session.labels.verify()).toMatchObject({ intact: true, entries: 2 * FILMS })
  } finally {
    await session.close()
    films.close()
  }
}, 120_000)
