import { createRouterClient } from '@orpc/server'
import type { ContractRouterClient } from '@orpc/contract'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TerminalContract } from '../../src/contract'
import { createCore, forkChild, silentLogger } from '../../src/core/create-core'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** For tests: the whole core on the project `folder`/project, made where it is not there, computing on the CPU. */
export async function openTestCore(folder: string) {
  const core = await createCore({
    host: 'cli',
    shell: 'terminal',
    spawnChild: forkChild(join(ROOT, 'src/core/services/worker-entry.ts'), ['--import', 'tsx']),
    resourcesFolder: join(ROOT, 'resources'),
    screensFolder: null,
    userFolder: join(folder, 'user'),
    logger: silentLogger
  })
  const client = createRouterClient(core.terminalRouter, {
    context: {}
  }) as ContractRouterClient<TerminalContract>
  await client.app.changeSettings({ provider: 'cpu', readerName: 'Kim' })
  const project = join(folder, 'project')
  try {
    await client.project.open({ folder: project })
  } catch {
    await client.project.create({ folder: project, name: 'Test' })
  }
  /** Waits for a job. @throws Error where it does not end well */
  async function done(id: string): Promise<void> {
    for await (const _ of await client.jobs.watch({ id }));
    const { state, error } = await client.jobs.get({ id })
    if (state !== 'done') throw new Error(`${state}: ${error?.message ?? ''}`)
  }
  return { core, client, done }
}
