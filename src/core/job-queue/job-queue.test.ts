import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openProjectDatabase, type ProjectDatabase } from '../database'
import { NeoGateError, systemClock } from '../foundation'
import type { Job, JobRun } from './job'
import { createJobQueue, type JobQueue } from './job-queue'

let folder: string
let database: ProjectDatabase
let queue: JobQueue
let changes: Job[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'neogate-jobs-'))
  database = await openProjectDatabase({ folder, mode: 'create', name: 'jobs' })
  changes = []
  queue = newQueue()
})

afterEach(async () => {
  await queue.close()
  await database.close()
  await rm(folder, { recursive: true })
})

const newQueue = () => createJobQueue({ database, clock: systemClock, onChange: job => changes.push(job) })

async function settled(id: string): Promise<Job> {
  let last: Job | undefined
  for await (const job of queue.watch(id)) last = job
  return last!
}

/** Stands still until it is aborted. */
const untilAborted = (run: JobRun) =>
  new Promise<void>((_, reject) =>
    run.signal.addEventListener('abort', () => reject(new NeoGateError('CANCELLED', 'stopped')), {
      once: true
    })
  )

describe('job queue', () => {
  it('runs a job to its end with progress, summary and announcements', async () => {
    queue.register('import', async run => {
      expect(run.input).toEqual({ folder: '/films' })
      expect(run.savedState).toBeNull()
      run.progress({ done: 3, total: 3, step: 'read' })
      run.summary({ new: 3 })
    })
    const id = await queue.start('import', { folder: '/films' })
    const job = await settled(id)
    expect(job).toMatchObject({ state: 'done', summary: { new: 3 }, error: null })
    expect(job.progress).toMatchObject({
      done: 3,
      total: 3,
      step: 'read',
      perSecond: null,
      secondsLeft: null
    })
    expect(job.finishedAt).not.toBeNull()
    expect(changes.at(-1)).toEqual(job)
    expect(await queue.get(id)).toEqual(job)
    expect(await queue.list()).toEqual([job])
    expect(await queue.input(id)).toEqual({ folder: '/films' })
  })

  it('fails a job with the error that its runner threw, strings included', async () => {
    queue.register('import', () => Promise.reject(new NeoGateError('DISK_FULL', 'full', { file: '/x' })))
    queue.register('predict', () => Promise.reject('plain text'))
    expect(await settled(await queue.start('import', null))).toMatchObject({
      state: 'failed',
      error: { code: 'DISK_FULL', message: 'full', data: { file: '/x' } }
    })
    expect(await settled(await queue.start('predict', null))).toMatchObject({
      state: 'failed',
      error: { code: 'INTERNAL', message: 'plain text' }
    })
  })

  it('cancels a running job, then goes on from its saved state', async () => {
    const states: unknown[] = []
    queue.register('import', async run => {
      states.push(run.savedState)
      if (run.savedState) return
      await run.saveState({ done: 40 })
      await untilAborted(run)
    })
    const id = await queue.start('import', null)
    await expect.poll(() => states.length).toBe(1)
    expect(await queue.cancel(id)).toMatchObject({ state: 'cancelled' })
    expect((await queue.cancel(id)).state).toBe('cancelled')
    await queue.resume(id)
    expect(await settled(id)).toMatchObject({ state: 'done', error: null })
    expect(states).toEqual([null, { done: 40 }])
    await expect(queue.resume(id)).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('runs one job of a kind at a time, other kinds beside it, and cancels one that still waits', async () => {
    const started: string[] = []
    const hold = async (run: JobRun) => {
      started.push(run.id)
      await untilAborted(run)
    }
    queue.register('import', hold)
    queue.register('predict', hold)
    const first = await queue.start('import', null)
    const second = await queue.start('import', null)
    const third = await queue.start('import', null)
    const other = await queue.start('predict', null)
    await expect.poll(() => started).toEqual([first, other])
    expect((await queue.get(second)).state).toBe('queued')
    expect(await queue.cancel(second)).toMatchObject({ state: 'cancelled' })
    await queue.cancel(first)
    await expect.poll(() => started).toEqual([first, other, third])
  })

  it('pauses what runs when it is closed and lets another queue go on', async () => {
    queue.register('import', untilAborted)
    const id = await queue.start('import', null)
    const waiting = await queue.start('import', null)
    const watching = settled(id)
    await expect.poll(async () => (await queue.get(id)).state).toBe('running')
    await queue.close()
    expect((await watching).state).toBe('paused')
    await expect(queue.start('import', null)).rejects.toMatchObject({ code: 'CANCELLED' })

    queue = newQueue()
    queue.register('import', () => Promise.resolve())
    expect((await queue.get(waiting)).state).toBe('paused')
    await queue.resume(id)
    expect((await settled(id)).state).toBe('done')
  })

  it('stores progress rarely and hands a slow watcher the latest only', async () => {
    let release = () => {}
    queue.register('import', async run => {
      for (let done = 1; done <= 20_000; done++) run.progress({ done, total: 20_000, step: 'read' })
      await new Promise<void>(resolve => (release = resolve))
    })
    const id = await queue.start('import', null)
    const watcher = queue.watch(id)
    await watcher.next()
    await expect.poll(async () => (await queue.get(id)).progress.done).toBe(20_000)
    expect(changes.length).toBeLessThan(10)
    release()
    const last = await settled(id)
    expect(last.progress.done).toBe(20_000)
    await watcher.return(undefined)
  })

  it('ends a watch when its signal aborts, without touching the job', async () => {
    queue.register('import', untilAborted)
    const id = await queue.start('import', null)
    const controller = new AbortController()
    const seen: string[] = []
    const watching = (async () => {
      for await (const job of queue.watch(id, controller.signal)) seen.push(job.state)
    })()
    await expect.poll(() => seen.length).toBeGreaterThan(0)
    controller.abort()
    await watching
    expect((await queue.get(id)).state).toBe('running')
  })

  it('knows no job that was never started', async () => {
    await expect(queue.get('nope')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(queue.cancel('nope')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(queue.watch('nope').next()).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('finds a job that kill -9 interrupted and goes on from what it had saved', async () => {
    await queue.close()
    await database.close()
    const fixture = fileURLToPath(new URL('./crashing-job.fixture.ts', import.meta.url))
    const child = spawn(process.execPath, ['--import', 'tsx', fixture, folder], {
      stdio: ['ignore', 'pipe', 'inherit']
    })
    let acknowledged = 0
    child.stdout.on('data', (text: Buffer) => {
      acknowledged = Number(text.toString().trim().split('\n').at(-1))
      if (acknowledged >= 20) child.kill('SIGKILL')
    })
    await once(child, 'exit')

    database = await openProjectDatabase({ folder, mode: 'open' })
    queue = newQueue()
    const [job] = await queue.list()
    expect(job).toMatchObject({ kind: 'import', state: 'paused' })
    let resumedAt = 0
    queue.register('import', async run => {
      expect(run.input).toEqual({ folder: '/films' })
      resumedAt = (run.savedState as { step: number }).step
    })
    await queue.resume(job!.id)
    expect((await settled(job!.id)).state).toBe('done')
    expect(resumedAt).toBeGreaterThanOrEqual(acknowledged)
  })

  it('goes on with a job that is just being stopped', async () => {
    let runs = 0
    let stopped!: () => void
    const slowToStop = new Promise<void>(resolve => (stopped = resolve))
    queue.register('import', async run => {
      if (++runs > 1) return
      await untilAborted(run).catch(async error => {
        await slowToStop
        throw error
      })
    })
    const id = await queue.start('import', {})
    await expect.poll(() => runs).toBe(1)
    const pausing = queue.pause(id)
    const resuming = queue.resume(id)
    stopped()
    expect((await pausing).state).toBe('paused')
    await resuming
    expect((await settled(id)).state).toBe('done')
    expect(runs).toBe(2)
  })
})
