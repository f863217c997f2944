import { z } from 'zod'
import { evaluationOptions, experimentOptions, experimentPart, experimentPlan } from '../../../contract'
import { NeoGateError, toError } from '../../foundation'
import type { JobRun, JobRunner } from '../../job-queue'
import type { CoreContext, ProjectSession } from '../core-context'
import { startEvaluation } from '../evaluation/start-evaluation'
import { trainJobInput } from '../training/run-manifest'
import type { StoredPart } from './experiment-store'
import { runToEnd } from './run-to-end'
import { tabulate } from './tabulate'

/** What an experiment is started with; the films of its runs are fixed in their folders. */
const experimentJobInput = z.strictObject({
  at: z.string(),
  name: z.string(),
  reader: z.string(),
  options: experimentOptions,
  plan: experimentPlan,
  parts: z.array(experimentPart.extend({ run: z.string().nullable() }))
})
export type ExperimentJobInput = z.infer<typeof experimentJobInput>

/** Lets a project's queue run experiments; called once for each project that is opened. */
export function registerExperimentJobs(core: CoreContext, session: ProjectSession): void {
  session.jobs.register('experiment', createExperimentRunner(core, session))
}

/** Progress is counted in tenths of the seconds that were estimated, so that a slow method weighs as much as it takes. */
const TENTHS = 10

/**
 * Trains and evaluates part after part, each as a job of its own that can be looked at meanwhile, and lays out the table.
 * What a part has come to is kept at once: a killed experiment goes on with the run it was at, from its checkpoint.
 */
function createExperimentRunner(core: CoreContext, session: ProjectSession): JobRunner {
  return async run => {
    const { experiments, changes } = session
    const input = experimentJobInput.parse(run.input)
    await experiments.add({ id: run.id, ...input })
    const { parts, plan, options, name } = await experiments.get(run.id)
    const keep = async (part: StoredPart, change: Partial<StoredPart>) => {
      Object.assign(part, change)
      await experiments.setParts(run.id, parts)
      changes.publish(['experiments'])
    }
    const progress = createProgress(
      run,
      plan.parts.map(({ seconds }) => seconds)
    )

    for (const [place, part] of parts.entries()) {
      if (part.state !== 'done') {
        try {
          await finishPart(part, {
            keep: change => keep(part, change),
            told: (share, step) => progress.within(place, share, step),
            what: `${name}: ${part.method}${part.seed === null ? '' : `, seed ${part.seed}`}`
          })
        } catch (thrown) {
          run.signal.throwIfAborted()
          await keep(part, { state: 'failed', error: toError(thrown).message })
        }
      }
      progress.past(place)
    }

    const done = parts.filter(({ state }) => state === 'done')
    if (done.length > 0) {
      const result = await tabulate(session, done, {
        resamples: options.resamples,
        signal: run.signal,
        progress: (made, total) => run.progress({ done: made, total, step: 'bootstrap' })
      })
      await experiments.setResult(run.id, result)
      changes.publish(['experiments'])
    }
    const failed = parts.length - done.length
    run.summary({ trained: done.length, failed })
    if (failed > 0) {
      throw new NeoGateError('CONFLICT', `${failed} of ${parts.length} runs of the experiment failed.`, {
        reason: 'runs-failed',
        remedy: 'The table holds the others. Resume the experiment to try the failed ones again.'
      })
    }

    async function finishPart(
      part: StoredPart,
      {
        keep,
        told,
        what
      }: {
        keep(change: Partial<StoredPart>): Promise<void>
        told(share: number, step: string): void
        what: string
      }
    ): Promise<void> {
      if (part.modelId === null) {
        await keep({ state: 'training', error: null, trainJobId: await trainJob(session, part) })
        await runToEnd(session.jobs, part.trainJobId!, run.signal, share => told(0.95 * share, 'train'))
        await keep({ modelId: await trainedModel(session, part.trainJobId!) })
      }
      if (part.evaluationId === null) {
        const asked = evaluationOptions.parse({
          modelId: part.modelId,
          resamples: options.resamples,
          controls: [],
          set: {
            kind: 'side',
            split: plan.split!.id,
            side: options.side,
            reason: options.reason === null ? null : `${options.reason} (${what})`.slice(0, 400)
          }
        })
        await keep({ state: 'evaluating', error: null, evaluationId: await startEvaluation(core, asked) })
      }
      await runToEnd(session.jobs, part.evaluationId!, run.signal, share =>
        told(0.95 + 0.05 * share, 'evaluate')
      )
      const { macroF1, macroAuroc } = (await session.evaluations.get(part.evaluationId!)).summary
      await keep({ state: 'done', macroF1, macroAuroc })
    }
  }
}

/** The job that trains a part: the one it had, also where the process ended before that was written down, or a new one. */
async function trainJob({ jobs }: ProjectSession, part: StoredPart): Promise<string> {
  if (part.trainJobId !== null) return part.trainJobId
  for (const { id } of (await jobs.list()).filter(({ kind }) => kind === 'train')) {
    if (trainJobInput.parse(await jobs.input(id)).run === part.run) return id
  }
  return jobs.start('train', { run: part.run })
}

async function trainedModel({ trainingLog }: ProjectSession, jobId: string): Promise<string> {
  const [last] = await trainingLog.newest(jobId, 1)
  if (last?.event.type === 'finished') return last.event.modelId
  throw new NeoGateError('INTERNAL', `The training ${jobId} ended without a version.`)
}

/** Position in the whole experiment, by the time that each part was estimated to take. */
function createProgress(run: JobRun, seconds: readonly number[]) {
  const total = Math.round(TENTHS * seconds.reduce((sum, part) => sum + part, 0))
  let before = 0
  const tell = (done: number, step: string) =>
    run.progress({ done: Math.min(total, Math.round(TENTHS * done)), total, step })
  return {
    within: (place: number, share: number, step: string) => tell(before + share * seconds[place]!, step),
    past(place: number) {
      before += seconds[place]!
    }
  }
}
