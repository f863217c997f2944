/**
 * What a fresh machine waits for: the demo drawn and imported (films on screen), then predicted. Seconds of the clock, and
 * processor seconds of this process and its children, which other work on the machine disturbs less.
 *
 *   npm run bench -- first-start      Linux, whose /proc tells what children used
 */
import { createRouterClient } from '@orpc/server'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createCore, forkChild, silentLogger } from '../../src/core/create-core'

const TICKS_PER_SECOND = 100

/** Processor seconds of this process and of its children, by the child's role. */
function processorSeconds(): Record<string, number> {
  const own = process.cpuUsage()
  const seconds: Record<string, number> = { host: (own.user + own.system) / 1e6 }
  for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ')
      if (Number(fields[1]) !== process.pid) continue
      const role = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').at(-2)!
      if (role !== 'film' && role !== 'model') continue
      seconds[role] = (seconds[role] ?? 0) + (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
    } catch {
      // Ended while it was looked at.
    }
  }
  return seconds
}

const source = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const userFolder = await mkdtemp(join(tmpdir(), 'neogate-bench-first-start-'))
const started = performance.now()
const core = await createCore({
  host: 'cli',
  shell: 'terminal',
  spawnChild: forkChild(source('src/core/services/worker-entry.ts'), ['--import', 'tsx']),
  resourcesFolder: source('resources'),
  screensFolder: null,
  userFolder,
  logger: silentLogger
})
const report = (what: string) => {
  const used = Object.entries(processorSeconds()).map(([role, seconds]) => `${role} ${seconds.toFixed(1)}`)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`${what.padEnd(24)}${seconds.padStart(8)} s   processor: ${used.join(', ')}`)
}
try {
  const client = createRouterClient(core.router, { context: {} })
  const { counts } = await client.project.openDemo()
  report(`${counts.films} films on screen`)
  const predicting = (await client.jobs.list()).find(job => job.kind === 'predict')
  if (!predicting) throw new Error('The demo is not being predicted.')
  for await (const job of await client.jobs.watch({ id: predicting.id })) if (job.error) throw job.error
  report('predictions on screen')
} finally {
  await core.close()
  await rm(userFolder, { recursive: true, force: true })
}
