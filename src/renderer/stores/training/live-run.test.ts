import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { shallowReactive } from 'vue'
import type { Job, LoggedTrainingEvent, TrainingEvent } from '../../../contract'
import { useLiveRun } from './live-run'

/** A core in memory: one run with a log that grows, whose readers wait while it goes. */
const core = vi.hoisted(() => ({
  state: 'running' as Job['state'],
  log: [] as LoggedTrainingEvent[],
  asked: [] as number[],
  wake: new Set<() => void>(),
  failNext: null as Error | null
}))
const job = () => ({ id: 'run', kind: 'train', state: core.state }) as Job

vi.mock('../../api-client', () => ({
  toProblem: (error: Error) => ({ code: error.message, message: error.message, data: {} }),
  api: {
    training: {
      run: async ({ jobId }: { jobId: string }) => {
        if (jobId !== 'run') throw new Error('NOT_FOUND')
        return { job: job(), options: {}, plan: {}, modelId: null }
      },
      events: async ({ after }: { after: number }, { signal }: { signal: AbortSignal }) => {
        core.asked.push(after)
        return (async function* () {
          let next = after
          while (!signal.aborted) {
            if (core.failNext) {
              const failure = core.failNext
              core.failNext = null
              throw failure
            }
            const events = core.log.filter(({ seq }) => seq > next)
            for (const event of events) yield event
            next = events.at(-1)?.seq ?? next
            if (events.length > 0) continue
            if (core.state !== 'running') return
            await new Promise<void>(resolve => core.wake.add(resolve))
          }
        })()
      }
    }
  }
}))
const jobs = vi.hoisted(() => ({ byId: null as unknown as Map<string, Job> }))
vi.mock('../jobs', () => ({ useJobs: () => jobs }))

const step = (at: number): TrainingEvent => ({
  type: 'step',
  step: at,
  epoch: 0,
  stepsPerEpoch: 10,
  loss: 1,
  learningRate: 1e-4,
  gradientNorm: 1,
  filmsPerSecond: 10,
  secondsLeft: null
})

async function tell(...events: TrainingEvent[]): Promise<void> {
  for (const event of events) {
    core.log.push({ seq: core.log.length + 1, at: '2026-01-01T00:00:00.000Z', event })
  }
  await settle()
}

/** Lets waiting readers look again and everything that follows from it happen. */
async function settle(): Promise<void> {
  for (const wake of core.wake) wake()
  core.wake.clear()
  await vi.advanceTimersByTimeAsync(200)
}

async function turnTo(state: Job['state']): Promise<void> {
  core.state = state
  jobs.byId.set('run', job())
  await settle()
}

describe('live run', () => {
  beforeEach(() => {
    vi.useFakeTimers()
    setActivePinia(createPinia())
    Object.assign(core, { state: 'running', log: [], asked: [], wake: new Set(), failNext: null })
    jobs.byId = shallowReactive(new Map())
  })
  afterEach(() => vi.useRealTimers())

  const stepsOf = (live: ReturnType<typeof useLiveRun>) => live.log.steps.map(point => point.step)

  it('shows what was told before it was opened, then what comes', async () => {
    await tell(step(1), step(2))
    const live = useLiveRun()
    live.open('run')
    await settle()
    await tell(step(3))
    expect(stepsOf(live)).toEqual([1, 2, 3])
    expect(core.asked).toEqual([0])
  })

  it('goes on after the last event where the connection was lost', async () => {
    const live = useLiveRun()
    live.open('run')
    await tell(step(1), step(2))
    core.failNext = new Error('CONNECTION_LOST')
    await tell(step(3))
    await vi.advanceTimersByTimeAsync(1500)
    expect(core.asked).toEqual([0, 2])
    expect([stepsOf(live), live.problem]).toEqual([[1, 2, 3], null])
  })

  it('stops with a pause and goes on when the run is resumed from an earlier step', async () => {
    const live = useLiveRun()
    live.open('run')
    await tell(step(1), step(2), step(3))
    await turnTo('paused')
    await vi.advanceTimersByTimeAsync(5000)
    expect(core.asked).toEqual([0])
    expect(live.job?.state).toBe('paused')
    await turnTo('running')
    await tell({ type: 'started', step: 2, epoch: 0, provider: 'cpu', resumed: true }, step(4))
    expect(core.asked).toEqual([0, 3])
    expect(stepsOf(live)).toEqual([1, 2, 4])
  })

  it('stays away from the core while it is off screen, and catches up when it is back', async () => {
    const live = useLiveRun()
    live.open('run')
    await tell(step(1))
    live.leave()
    await tell(step(2))
    expect(stepsOf(live)).toEqual([1])
    live.open('run')
    await settle()
    expect(core.asked).toEqual([0, 1])
    expect(stepsOf(live)).toEqual([1, 2])
  })

  it('says so where the run is not there, and asks no further', async () => {
    const live = useLiveRun()
    live.open('other')
    await vi.advanceTimersByTimeAsync(5000)
    expect(live.problem?.code).toBe('NOT_FOUND')
    expect(core.asked).toEqual([])
  })
})
