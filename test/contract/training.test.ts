import { spawn } from 'node:child_process'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LoggedTrainingEvent } from '../../src/contract'
import { makeDemo } from '../../src/core/services/demo'
import { built } from '../support/built'
import { runNeogate } from '../support/run-neogate'
import { temporaryFolder } from '../support/temporary-folder'

/** Every film of the whole network, in few and small steps. */
const WHOLE = [
  ...['--scope', 'all', '--method', 'ccgn-small', '--size', '64', '--preset', 'paper', '--provider', 'cpu'],
  ...['--set', 'epochs=3,filmsPerStep=8,batch=8,checkpointSteps=2'],
  '--json-lines'
]

describe('neogate train', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  const at = (...names: string[]) => join(folder.path, ...names)
  const neogate = (...args: string[]) => runNeogate(args, at('user'))
  const eventsIn = (lines: string) =>
    lines
      .split('\n')
      .filter(line => line.startsWith('{'))
      .map(line => (JSON.parse(line) as LoggedTrainingEvent).event)
  const versionIn = (lines: string) => {
    const last = eventsIn(lines).at(-1)!
    if (last.type !== 'finished') throw new Error(`The run ended with ${last.type}.`)
    return last.modelId
  }

  beforeAll(async () => {
    folder = await temporaryFolder('training')
    const { table } = await makeDemo({ folder: at('films'), infants: 16, seed: 3, coarser: 8 })
    await neogate('new', at('project'))
    const imported = await neogate('import', at('project'), at('films'), '--table', table)
    expect(imported.stderr).not.toMatch(/^neogate:/m)
    await cp(at('project'), at('without-split'), { recursive: true })
    expect((await neogate('split', 'make', at('project'), '--proportions', '70,20,10')).code).toBe(0)
    await cp(at('project'), at('other'), { recursive: true })
  }, 300_000)
  afterAll(() => folder.remove())

  it('refuses what cannot be trained before anything is computed', async () => {
    const refused = async (...args: string[]) => {
      const { code, stdout, stderr } = await neogate('train', ...args)
      expect(stdout).toBe('')
      return { code, stderr }
    }
    expect(await refused(at('without-split'))).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/no split/)
    })
    expect(await refused(at('project'), '--parent', 'none', '--method', 'ccgn-small')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/choose one to begin with/)
    })
    expect(await refused(at('project'), '--data', 'new-labels', '--method', 'resnet50')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/is a ccgn-small, not a resnet50/)
    })
    expect(await refused(at('project'), '--set', 'epochs=none')).toMatchObject({ code: 2 })
    expect(await refused(at('project'), '--set', 'speed=3')).toMatchObject({ code: 2 })
  })

  it('tells what it would do', async () => {
    const { code, stdout } = await neogate('train', at('project'), '--dry-run', '--json')
    expect(code).toBe(0)
    const plan = JSON.parse(stdout)
    expect(plan).toMatchObject({ method: 'ccgn-small', scope: 'head', preset: 'incremental' })
    const trained = plan.perClass.reduce((sum: number, { train }: { train: number }) => sum + train, 0)
    expect(trained).toBe(plan.films.train)
    // Gate 2 -> 32 -> 512 and classifier 512 -> 6.
    expect(plan.trainedParameters).toBe(32 * 2 + 32 + 512 * 32 + 512 + 6 * 512 + 6)
  })

  it('trains gate and head on what the active version saw, and keeps a version', async () => {
    const { code, stdout } = await neogate(
      'train',
      at('project'),
      '--json-lines',
      '--provider',
      'cpu',
      '--set',
      'epochs=3'
    )
    expect(code).toBe(0)
    const types = new Set(eventsIn(stdout).map(({ type }) => type))
    expect([...types].sort()).toEqual(['checkpoint', 'epoch', 'finished', 'started', 'step'])
    const models = JSON.parse((await neogate('model', 'list', at('project'), '--json')).stdout)
    expect(JSON.stringify(models)).toContain(versionIn(stdout))
    expect((await neogate('audit', 'verify', at('project'))).code).toBe(0)
  })

  it('goes on after kill -9 to bitwise the version that an undisturbed run makes', async () => {
    const undisturbed = await neogate('train', at('other'), ...WHOLE)
    expect(undisturbed.code).toBe(0)
    expect(eventsIn(undisturbed.stdout).filter(({ type }) => type === 'epoch')).toHaveLength(3)

    await killedAfter(4, ['train', at('project'), ...WHOLE])
    const resumed = await neogate('train', 'resume', at('project'), '--json-lines')
    expect(resumed.code).toBe(0)
    const [started] = eventsIn(resumed.stdout)
    expect(started).toMatchObject({ type: 'started', resumed: true })
    expect(versionIn(resumed.stdout)).toBe(versionIn(undisturbed.stdout))
  })

  /** Ends the command with SIGKILL once it has told of a checkpoint at `step` or later. */
  async function killedAfter(step: number, args: string[]): Promise<void> {
    const child = spawn(process.execPath, [built('main/server.cjs'), ...args], {
      env: { ...process.env, NEOGATE_USER_FOLDER: at('user') },
      stdio: ['ignore', 'pipe', 'ignore']
    })
    const ended = new Promise(resolve => child.on('exit', resolve))
    for await (const line of createInterface(child.stdout)) {
      const { event } = JSON.parse(line) as LoggedTrainingEvent
      if (event.type === 'checkpoint' && event.step >= step) break
    }
    child.kill('SIGKILL')
    await ended
    expect(child.signalCode).toBe('SIGKILL')
  }
})
