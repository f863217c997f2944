import type { CoreContext, ProjectSession } from './core-context'
import type { Services } from './services'
import { modelDefinition, METHODS, countParameters, type ModelDefinition } from '../ml/models'
import { trainingScope, type TrainingMethod, type TrainingRun } from '../../contract'
import { freshId, NeoGateError } from '../foundation'
import type { Job } from '../job-queue'
import { entryOfScope, planRun } from './training/plan-run'
import { prepareRun } from './training/prepare-run'
import { readManifest, runFiles, trainJobInput, writeManifest } from './training/run-manifest'
import { createTrainRunner } from './training/train-job'

/** Lets a project's queue train; called once for each project that is opened. */
export function registerTrainJobs(core: CoreContext, session: ProjectSession): void {
  session.jobs.register('train', createTrainRunner(core, session))
}

export function createTrainingService(core: CoreContext): Services['training'] {
  async function runOf(job: Job): Promise<TrainingRun> {
    const { folder, jobs, trainingLog } = core.project()
    const { run } = trainJobInput.parse(await jobs.input(job.id))
    const { options, plan } = await readManifest(runFiles(folder, run))
    const finished = (await trainingLog.read(job.id, 0)).find(({ event }) => event.type === 'finished')
    return {
      job,
      options,
      plan,
      modelId: finished?.event.type === 'finished' ? finished.event.modelId : null
    }
  }

  return {
    methods: async () => METHODS.map(id => describeMethod(modelDefinition(id))),

    plan: async options => (await planRun(core, options)).plan,

    async start(options) {
      const { folder, jobs } = core.project()
      const planned = await planRun(core, options)
      const refusal = planned.plan.problems.find(({ severity }) => severity === 'refuse')
      if (refusal) {
        throw new NeoGateError('INVALID_INPUT', refusal.message, { field: 'training', reason: refusal.code })
      }
      const manifest = await prepareRun(core, options, planned)
      const run = freshId()
      await writeManifest(runFiles(folder, run), manifest)
      return { jobId: await jobs.start('train', { run }) }
    },

    async runs() {
      const jobs = (await core.project().jobs.list()).filter(({ kind }) => kind === 'train')
      return Promise.all(jobs.map(runOf))
    },

    run: async ({ jobId }) => runOf(await core.project().jobs.get(jobId)),

    async events({ jobId, after }, { signal }) {
      const { jobs, trainingLog } = core.project()
      await jobs.get(jobId)
      return follow(after)

      async function* follow(seen: number) {
        const stop = new AbortController()
        const abort = () => stop.abort()
        signal?.addEventListener('abort', abort, { once: true })
        const ended = lastOf(jobs.watch(jobId, stop.signal))
        // Told below; a reader who goes away first must not leave it unhandled.
        ended.catch(() => {})
        try {
          for (let over = false; ;) {
            const change = trainingLog.changed(stop.signal)
            for (const entry of await trainingLog.read(jobId, seen)) {
              yield entry
              seen = entry.seq
            }
            if (over || stop.signal.aborted) return
            over = await Promise.race([change.then(() => false), ended.then(() => true)])
          }
        } finally {
          signal?.removeEventListener('abort', abort)
          stop.abort()
        }
      }
    }
  }
}

async function lastOf(snapshots: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of snapshots);
}

function describeMethod(definition: ModelDefinition): TrainingMethod {
  const { id, summary, defaultSize, context, origin } = definition
  return {
    id,
    summary,
    parameters: countParameters(definition),
    scopes: trainingScope.options.filter(scope => entryOfScope(definition, scope) !== null),
    defaultSize,
    context,
    origin
  }
}
