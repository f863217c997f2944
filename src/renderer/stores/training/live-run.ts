import { defineStore } from 'pinia'
import { computed, ref, shallowRef, triggerRef, watch } from 'vue'
import { api, toProblem } from '../../api-client'
import type { Problem } from '../../api-client'
import type { Job, LoggedTrainingEvent, TrainingRun } from '../../../contract'
import { useJobs } from '../jobs'
import { emptyLog, takeEvents } from './run-log'

const RETRY_MS = 1000
/** Events that come within this time are drawn together: after a reload the whole log comes at once. */
const GATHER_MS = 120
/** Runs of so many points are drawn less often, since each drawing goes through them all. */
const LONG_RUN = 20_000
const GATHER_LONG_MS = 1000

export const isUnderWay = (state: Job['state']) => state === 'queued' || state === 'running'

/** The run on screen with all that its log has told, followed while it goes. */
export const useLiveRun = defineStore('live-run', () => {
  const jobs = useJobs()
  const jobId = ref<string | null>(null)
  const run = shallowRef<TrainingRun | null>(null)
  const log = shallowRef(emptyLog())
  const problem = ref<Problem | null>(null)
  const job = computed(() => (jobId.value && jobs.byId.get(jobId.value)) || run.value?.job || null)

  let onScreen = false
  let following: AbortController | undefined
  let gathered: LoggedTrainingEvent[] = []
  let timer: ReturnType<typeof setTimeout> | undefined

  function gather(event: LoggedTrainingEvent): void {
    gathered.push(event)
    timer ??= setTimeout(draw, log.value.steps.length > LONG_RUN ? GATHER_LONG_MS : GATHER_MS)
  }

  function draw(): void {
    clearTimeout(timer)
    timer = undefined
    if (gathered.length === 0) return
    takeEvents(log.value, gathered)
    gathered = []
    triggerRef(log)
  }

  async function readRun(id: string, signal: AbortSignal): Promise<TrainingRun> {
    const answer = await api.training.run({ jobId: id })
    signal.throwIfAborted()
    return (run.value = answer)
  }

  async function readEvents(id: string, signal: AbortSignal): Promise<void> {
    for await (const event of await api.training.events({ jobId: id, after: log.value.seq }, { signal })) {
      signal.throwIfAborted()
      gather(event)
    }
    draw()
  }

  /** Reads the log from where it was left, then live until the run ends or stops; through lost connections. */
  async function follow(id: string): Promise<void> {
    const controller = (following = new AbortController())
    const { signal } = controller
    while (!signal.aborted) {
      try {
        await readRun(id, signal)
        problem.value = null
        await readEvents(id, signal)
        if (!isUnderWay((await readRun(id, signal)).job.state)) break
      } catch (error) {
        if (signal.aborted) return
        draw()
        const failure = toProblem(error)
        // The status bar tells of a lost connection.
        if (failure.code !== 'CONNECTION_LOST') problem.value = failure
        if (failure.code === 'NOT_FOUND' || failure.code === 'NO_PROJECT') break
      }
      await new Promise(resolve => setTimeout(resolve, RETRY_MS))
    }
    if (following === controller) following = undefined
  }

  /** Shows a run; the one that was shown last goes on after its last event. */
  function open(id: string): void {
    if (id !== jobId.value) {
      leave()
      jobId.value = id
      run.value = null
      log.value = emptyLog()
      problem.value = null
    }
    onScreen = true
    if (!following) void follow(id)
  }

  /** Stops following; the run itself goes on. */
  function leave(): void {
    onScreen = false
    following?.abort()
    following = undefined
    draw()
  }

  // Resumed, here or in another window.
  watch(
    () => job.value !== null && isUnderWay(job.value.state),
    underWay => {
      if (underWay && onScreen && !following) void follow(jobId.value!)
    }
  )

  return { jobId, run, job, log, problem, open, leave }
})
