import { setMaxListeners } from 'node:events'
import type { ProjectDatabase } from '../database'
import { freshId, NeoGateError, toError, type Clock, type Logger } from '../foundation'
import { isOver, type Job, type JobKind, type JobRunner } from './job'
import { createJobStore, type StoredJob } from './job-store'
import { createRateMeter } from './rate-meter'
import { throttle } from './throttle'

/** How often progress is stored and told at most; a state is stored and told at once. */
const PERSIST_EVERY_MS = 1000
const NOTIFY_EVERY_MS = 100
/** Jobs that list() returns. */
const LIST_LIMIT = 200

export interface JobQueue {
  /** Says who does the jobs of a kind; once per kind, before the first start. */
  register(kind: JobKind, runner: JobRunner): void
  /** Queues a job; at most one of a kind runs at a time. */
  start(kind: JobKind, input: unknown): Promise<string>
  /** @throws NeoGateError NOT_FOUND */
  get(id: string): Promise<Job>
  /** What the job was started with. @throws NeoGateError NOT_FOUND */
  input(id: string): Promise<unknown>
  /** Newest first, 200 at most. */
  list(): Promise<Job[]>
  /** Stops a job so that resume can go on with it; resolves when it has stopped. @throws NeoGateError NOT_FOUND */
  pause(id: string): Promise<Job>
  /** Stops a job and resolves when it has stopped; a job that is over stays as it is. @throws NeoGateError NOT_FOUND */
  cancel(id: string): Promise<Job>
  /**
   * Goes on with a paused, cancelled or failed job from its saved state.
   * @throws NeoGateError NOT_FOUND, CONFLICT where the job is done
   */
  resume(id: string): Promise<Job>
  /**
   * The job as it is now and after every change (the latest one only, when the reader is slow), until it is over or
   * paused, or the signal aborts. @throws NeoGateError NOT_FOUND
   */
  watch(id: string, signal?: AbortSignal): AsyncGenerator<Job>
  /** Pauses what runs, waits until it has stopped, and ends every watch. */
  close(): Promise<void>
}

interface LiveJob extends StoredJob {
  controller: AbortController
  /** What ends the run from outside, if anything does. */
  stop: 'cancel' | 'pause' | 'close' | null
  settled: Promise<void>
  listeners: Set<() => void>
}

const snapshot = (job: Job): Job => structuredClone(job)

/**
 * Background work that outlives a screen, a reload and, from its saved state, a crash.
 * @param onChange told of every change of any job, at most every 100 ms per job
 */
export function createJobQueue(settings: {
  database: Pick<ProjectDatabase, 'kysely'>
  clock: Clock
  logger?: Logger
  onChange?: (job: Job) => void
}): JobQueue {
  const { clock, logger, onChange } = settings
  const store = createJobStore(settings.database)
  const runners = new Map<JobKind, JobRunner>()
  /** Queued and running jobs, in the order of their start. */
  const live = new Map<string, LiveJob>()
  const closing = new AbortController()
  setMaxListeners(0, closing.signal)
  const ready = store.pauseInterrupted()
  // Every method awaits `ready` and reports its failure; this keeps an unused queue from ending the process.
  ready.catch(() => {})

  function notFound(id: string): NeoGateError {
    return new NeoGateError('NOT_FOUND', `There is no job ${id} in this project.`, { field: 'id' })
  }

  function announce(entry: LiveJob): void {
    for (const listener of [...entry.listeners]) listener()
    onChange?.(snapshot(entry.job))
  }

  function enqueue(stored: StoredJob): LiveJob {
    const entry: LiveJob = {
      ...stored,
      controller: new AbortController(),
      stop: null,
      settled: Promise.resolve(),
      listeners: new Set()
    }
    setMaxListeners(0, entry.controller.signal)
    live.set(entry.job.id, entry)
    return entry
  }

  function dispatch(): void {
    if (closing.signal.aborted) return
    for (const entry of live.values()) {
      if (entry.job.state !== 'queued') continue
      const busy = [...live.values()].some(
        other => other.job.kind === entry.job.kind && other.job.state === 'running'
      )
      if (!busy) {
        entry.job.state = 'running'
        entry.settled = run(entry)
      }
    }
  }

  /** Stores how the run ended; where even that fails, the job is at least not left looking alive. */
  async function finish(entry: LiveJob): Promise<void> {
    const { job } = entry
    job.progress = { ...job.progress, perSecond: null, secondsLeft: null }
    job.finishedAt = isOver(job.state) ? clock.timestamp() : null
    try {
      await store.update(job)
    } catch (thrown) {
      logger?.error('The end of a job could not be stored', { job: job.id, error: errorOf(thrown).code })
    }
    live.delete(job.id)
    announce(entry)
    dispatch()
  }

  async function run(entry: LiveJob): Promise<void> {
    const { job, controller } = entry
    const runner = runners.get(job.kind)
    const rate = createRateMeter()
    let storing: Promise<void> = Promise.resolve()
    const persist = throttle(() => {
      storing = storing.then(() => store.update(job)).catch(() => {})
    }, PERSIST_EVERY_MS)
    const notify = throttle(() => announce(entry), NOTIFY_EVERY_MS)
    try {
      if (!runner) throw new NeoGateError('INTERNAL', `Nothing does jobs of kind ${job.kind}.`)
      await store.update(job)
      notify.ask()
      await runner({
        id: job.id,
        input: entry.input,
        savedState: entry.savedState,
        startedAt: job.startedAt,
        signal: controller.signal,
        progress({ done, total, step }) {
          const perSecond = rate.update(step, done, clock.now())
          const left = total === null || !perSecond ? null : Math.max(0, total - done) / perSecond
          job.progress = { done, total, step, perSecond, secondsLeft: left }
          persist.ask()
          notify.ask()
        },
        saveState: state => store.saveState(job.id, state),
        summary(counts) {
          job.summary = { ...counts }
          notify.ask()
        }
      })
      job.state = 'done'
    } catch (thrown) {
      if (entry.stop) job.state = entry.stop === 'cancel' ? 'cancelled' : 'paused'
      else {
        job.state = 'failed'
        job.error = errorOf(thrown)
        logger?.error('A job failed', { job: job.id, kind: job.kind, error: job.error.code })
      }
    } finally {
      persist.cancel()
      notify.cancel()
      await storing
      await finish(entry)
    }
  }

  async function stop(entry: LiveJob, why: 'cancel' | 'pause' | 'close'): Promise<void> {
    entry.stop = why
    if (entry.job.state === 'queued') {
      entry.job.state = why === 'cancel' ? 'cancelled' : 'paused'
      entry.settled = finish(entry)
      await entry.settled
      return
    }
    entry.controller.abort()
    await entry.settled
  }

  async function load(id: string): Promise<StoredJob> {
    await ready
    const stored = live.get(id) ?? (await store.load(id))
    if (!stored) throw notFound(id)
    return stored
  }

  return {
    register(kind, runner) {
      runners.set(kind, runner)
    },

    async start(kind, input) {
      await ready
      if (closing.signal.aborted) throw new NeoGateError('CANCELLED', 'The project is being closed.')
      const job: Job = {
        id: freshId(),
        kind,
        state: 'queued',
        progress: { done: 0, total: null, step: 'queued', perSecond: null, secondsLeft: null },
        startedAt: clock.timestamp(),
        finishedAt: null,
        error: null,
        summary: {}
      }
      await store.insert(job, input)
      announce(enqueue({ job, input, savedState: null }))
      dispatch()
      return job.id
    },

    get: async id => snapshot((await load(id)).job),

    input: async id => (await load(id)).input,

    async list() {
      await ready
      const jobs = await store.list(LIST_LIMIT)
      return jobs.map(job => snapshot(live.get(job.id)?.job ?? job))
    },

    async cancel(id) {
      const { job } = await load(id)
      const entry = live.get(id)
      if (entry) await stop(entry, 'cancel')
      else if (job.state === 'paused') {
        job.state = 'cancelled'
        job.finishedAt = clock.timestamp()
        await store.update(job)
        onChange?.(snapshot(job))
      }
      return snapshot(entry?.job ?? job)
    },

    async pause(id) {
      const { job } = await load(id)
      const entry = live.get(id)
      if (entry) await stop(entry, 'pause')
      return snapshot(entry?.job ?? job)
    },

    async resume(id) {
      let stored = await load(id)
      const running = live.get(id)
      if (running && !running.stop) return snapshot(running.job)
      if (running) {
        // Just being stopped: it goes on once it has, from what it saved then.
        await running.settled
        stored = await load(id)
      }
      if (stored.job.state === 'done') {
        throw new NeoGateError('CONFLICT', 'This job is done; there is nothing to go on with.', {
          field: 'id'
        })
      }
      if (closing.signal.aborted) throw new NeoGateError('CANCELLED', 'The project is being closed.')
      const entry = enqueue(stored)
      Object.assign(entry.job, { state: 'queued', error: null, finishedAt: null })
      await store.update(entry.job)
      announce(entry)
      dispatch()
      return snapshot(entry.job)
    },

    async *watch(id, signal) {
      const { job } = await load(id)
      const entry = live.get(id)
      if (!entry) {
        yield snapshot(job)
        return
      }
      let changed = true
      let wake = () => {}
      const listener = () => {
        changed = true
        wake()
      }
      entry.listeners.add(listener)
      signal?.addEventListener('abort', listener, { once: true })
      try {
        while (true) {
          if (!changed) await new Promise<void>(resolve => (wake = resolve))
          if (signal?.aborted) return
          changed = false
          yield snapshot(entry.job)
          if (live.get(id) !== entry && !changed) return
        }
      } finally {
        entry.listeners.delete(listener)
        signal?.removeEventListener('abort', listener)
      }
    },

    async close() {
      await ready.catch(() => {})
      closing.abort()
      await Promise.all([...live.values()].map(entry => stop(entry, 'close')))
    }
  }
}

function errorOf(thrown: unknown): NonNullable<Job['error']> {
  const error = toError(thrown)
  return error instanceof NeoGateError
    ? { code: error.code, message: error.message, data: { ...error.detail } }
    : { code: 'INTERNAL', message: error.message, data: {} }
}
