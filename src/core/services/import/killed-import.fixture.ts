/** Run by killed-import.test.ts in a process of its own, which it kills: an import of a folder into a project. */
import { fileURLToPath } from 'node:url'
import { createChildPool, forkChild, silentLogger, systemClock } from '../../foundation'
import { registerImportJobs } from '../intake'
import { openProjectSession } from '../project-session'

const [project, input] = process.argv.slice(2) as [string, string]
const entry = fileURLToPath(new URL('../worker-entry.ts', import.meta.url))
const films = createChildPool({
  spawn: forkChild(entry, ['--import', 'tsx']),
  role: 'film',
  size: 1,
  timeoutMs: 60_000
})
const session = await openProjectSession({
  folder: project,
  target: { mode: 'open' },
  clock: systemClock,
  logger: silentLogger
})
registerImportJobs({ films }, session)
const id = await session.jobs.start('import', JSON.parse(input))
for await (const job of session.jobs.watch(id)) {
  process.stdout.write(
    `${JSON.stringify({ step: job.progress.step, done: job.progress.done, state: job.state })}\n`
  )
}
