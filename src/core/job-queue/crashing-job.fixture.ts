/** Run by job-queue.test.ts in a process of its own, which it kills: a job that counts, saves its state and never ends. */
import { openProjectDatabase } from '../database'
import { systemClock } from '../foundation'
import { createJobQueue } from './job-queue'

const database = await openProjectDatabase({ folder: process.argv[2]!, mode: 'open' })
const queue = createJobQueue({ database, clock: systemClock })
queue.register('import', async run => {
  for (let step = 1; ; step++) {
    await run.saveState({ step })
    run.progress({ done: step, total: 1000, step: 'read' })
    process.stdout.write(`${step}\n`)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
})
await queue.start('import', { folder: '/films' })
