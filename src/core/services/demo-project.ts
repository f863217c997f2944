import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { NeoGateError } from '../foundation'
import type { Job } from '../job-queue'
import type { CoreContext, ProjectSession } from './core-context'
import { DEMO_TABLE, DEMO_TRUTH, demoMapping, FIRST_START_DEMO, makeDemo } from './demo'
import { readDemo } from './demo-readings'
import type { ImportInput } from './import/import-job'
import { openProjectModel } from './project-models'

/** Where the demo lies: its films and its project side by side, so that neither walks into the other. */
export function demoFolders(userFolder: string): { films: string; project: string } {
  return { films: join(userFolder, 'demo', 'films'), project: join(userFolder, 'demo', 'project') }
}

/**
 * Brings the open demo project to what a fresh machine should show: films drawn and imported with their table, some of them
 * read by simulated readers, and the shipped model at work on them. Every step is skipped where it was done before, so that a start that was cut short is finished at
 * the next one; the project's lock, held by the caller, keeps two processes from drawing at once.
 * @throws NeoGateError DISK_FULL, WORKER_FAILED, or whatever ended the import
 */
export async function fillDemoProject(core: CoreContext, session: ProjectSession): Promise<void> {
  const { films: folder } = demoFolders(core.userFolder)
  // The truth is written last: with it the demo is whole.
  if (!existsSync(join(folder, DEMO_TRUTH))) {
    await makeDemo({ folder, ...FIRST_START_DEMO, pool: core.films })
  }
  const imports = (await session.jobs.list()).filter(job => job.kind === 'import')
  if (!imports.some(job => job.state === 'done')) {
    const unfinished = imports.find(job => job.state === 'paused')
    const source = { folder, table: join(folder, DEMO_TABLE), mapping: demoMapping() }
    const id = unfinished
      ? (await session.jobs.resume(unfinished.id)).id
      : await session.jobs.start('import', { source, dryRun: false } satisfies ImportInput)
    requireDone(await finished(session, id))
  }
  // In the background: the films are on screen meanwhile, and a demo without readings is still a demo.
  void readDemo(session, join(folder, DEMO_TRUTH)).catch((error: unknown) =>
    core.logger.warn('The demo was not read by its simulated readers.', {
      code: error instanceof NeoGateError ? error.code : 'INTERNAL'
    })
  )
  await predictDemo(core, session)
}

/**
 * Lets the shipped model predict the films in the background, its progress shown like that of any job. A demo without
 * predictions is still a demo: what goes wrong here is shown by the job, not thrown.
 */
async function predictDemo(core: CoreContext, session: ProjectSession): Promise<void> {
  try {
    const earlier = (await session.jobs.list()).filter(job => job.kind === 'predict')
    if (earlier.some(job => job.state !== 'paused')) return
    if (earlier[0]) {
      await session.jobs.resume(earlier[0].id)
      return
    }
    const model = await openProjectModel(core, null)
    await session.jobs.start('predict', { filmIds: null, modelId: model.id })
  } catch (error) {
    core.logger.warn('The demo could not be predicted.', {
      code: error instanceof NeoGateError ? error.code : 'INTERNAL'
    })
  }
}

async function finished(session: ProjectSession, id: string): Promise<Job> {
  let last = await session.jobs.get(id)
  for await (const job of session.jobs.watch(id)) last = job
  return last
}

function requireDone(job: Job): void {
  if (job.state === 'done') return
  const { code, message, data } = job.error ?? {
    code: 'CANCELLED',
    message: 'The demo was not finished; open it again to go on.',
    data: {}
  }
  throw new NeoGateError(code as NeoGateError['code'], message, data)
}
