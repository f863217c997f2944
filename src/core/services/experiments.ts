import type { ExperimentSummary } from '../../contract'
import { freshId, NeoGateError } from '../foundation'
import type { CoreContext } from './core-context'
import type { ExperimentJobInput } from './experiments/experiment-job'
import type { StoredExperiment, StoredPart } from './experiments/experiment-store'
import { experimentName, planExperiment, type PlannedPart } from './experiments/plan-experiment'
import { tabulateClasses } from './experiments/tabulate'
import type { Services } from './services'
import { prepareRun } from './training/prepare-run'
import { runFiles, writeManifest } from './training/run-manifest'

export function createExperimentsService(core: CoreContext): Services['experiments'] {
  async function summaryOf({
    id,
    at,
    name,
    reader,
    options,
    plan,
    parts
  }: StoredExperiment): Promise<ExperimentSummary> {
    const count = (state: StoredPart['state']) => parts.filter(part => part.state === state).length
    return {
      id,
      at,
      name,
      reader,
      methods: [...new Set(parts.map(({ method }) => method))],
      seeds: options.seeds,
      split: plan.split!.name,
      side: options.side,
      parts: { done: count('done'), failed: count('failed'), total: parts.length },
      job: await core.project().jobs.get(id)
    }
  }

  return {
    list: async () => Promise.all((await core.project().experiments.list()).map(summaryOf)),

    async get({ id }) {
      const stored = await core.project().experiments.get(id)
      const { options, plan, parts, result } = stored
      const shown = parts.map(({ run: _, ...part }) => part)
      return { summary: await summaryOf(stored), options, plan, parts: shown, result }
    },

    plan: async options => (await planExperiment(core, options)).plan,

    async start(options) {
      const { jobs, experiments } = core.project()
      if (options.side === 'test' && (options.reason ?? '') === '') {
        throw new NeoGateError('INVALID_INPUT', 'A test part is opened for a reason only.', {
          field: 'reason',
          remedy: 'Say what the experiment is for; it is kept with the split.'
        })
      }
      const { plan, parts } = await planExperiment(core, options)
      const refusal = plan.problems.find(({ severity }) => severity === 'refuse')
      if (refusal) {
        throw new NeoGateError('INVALID_INPUT', refusal.message, {
          field: 'experiment',
          reason: refusal.code
        })
      }
      if (!plan.split) {
        throw new NeoGateError('INVALID_INPUT', 'This project has no split.', {
          field: 'split',
          remedy: 'Make a split first.'
        })
      }
      const at = core.clock.timestamp()
      const name = experimentName(options, at)
      const stored: StoredPart[] = []
      for (const part of parts) stored.push(await fixPart(core, name, part))
      const reader = core.settings.get().readerName
      const input: ExperimentJobInput = { at, name, reader, options, plan, parts: stored }
      const id = await jobs.start('experiment', input)
      await experiments.add({ id, ...input })
      return { id }
    },

    async classDifferences({ id, a, b }, { signal }) {
      const session = core.project()
      const { parts, options } = await session.experiments.get(id)
      const done = parts.filter(({ state }) => state === 'done')
      return tabulateClasses(
        session,
        done,
        { a, b },
        {
          resamples: options.resamples,
          signal: signal ?? new AbortController().signal,
          progress: () => {}
        }
      )
    }
  }
}

/** Writes down what a run is made from before the first of them starts, so that all learn from the same labels. */
async function fixPart(
  core: CoreContext,
  name: string,
  { part, training }: PlannedPart
): Promise<StoredPart> {
  const begun: StoredPart = {
    method: part.method,
    seed: part.seed,
    state: 'waiting',
    trainJobId: null,
    modelId: part.modelId,
    evaluationId: null,
    macroF1: null,
    macroAuroc: null,
    error: null,
    run: null
  }
  if (!training) return begun
  const run = freshId()
  const options = { ...training.options, name: `${name}: ${part.method}, seed ${part.seed}`.slice(0, 120) }
  const manifest = await prepareRun(core, options, training.planned)
  await writeManifest(runFiles(core.project().folder, run), manifest)
  return { ...begun, run }
}
