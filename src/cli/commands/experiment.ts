import { ORPCError } from '@orpc/client'
import { resolve } from 'node:path'
import {
  PAPER_METHODS,
  providerId,
  SMALL_SETTINGS,
  trainingPreset,
  trainingScope,
  type Experiment,
  type ExperimentOptions,
  type ExperimentPlan,
  type ExperimentSummary
} from '../../contract'
import { UsageError, type Command, type CommandCall, type TerminalClient } from '../command'
import { EXIT } from '../exit-codes'
import { followJob } from '../follow-job'
import { choiceOption, integerOption, textOption } from '../options'
import { duration, table } from '../output'
import { modelIdOf } from './model-id'
import { describeClassDifferences, describeExperiment } from './experiment-text'
import { hyperparameterOption, trainingOptionSpecs } from './training-options'

export const experimentTable1Command: Command = {
  name: 'experiment table1',
  summary: 'Train all methods on the same films and seeds, and lay out the paper’s Table 1.',
  operands: 'PROJECT',
  arity: [1, 1],
  options: {
    methods: {
      type: 'string',
      help: 'METHOD,... or paper (the eight of Table 1, the default) or small (their small variants, where there are any)'
    },
    scope: {
      type: 'string',
      help: `PART of the network to train: ${trainingScope.options.join(', ')} (default all)`
    },
    parents: {
      type: 'string',
      help: 'VERSION,... that methods begin with, one a method; needed with scope head and last-stage, and then the methods'
    },
    seeds: { type: 'string', help: 'COUNT of seeds for each method: 1, 2 ... (default 1)' },
    epochs: { type: 'string', help: 'COUNT of epochs at most (default: the preset’s)' },
    size: { type: 'string', help: 'PIXELS of the input’s side (default: each method’s own)' },
    ...trainingOptionSpecs('paper, with scope head and last-stage incremental'),
    init: { type: 'string', help: 'METHOD=FILE,... of pretrained weights for backbones' },
    versions: {
      type: 'string',
      help: 'ID,... of versions of the project that stand for a training of their methods'
    },
    side: { type: 'string', help: 'SIDE to evaluate on: validation or test (default validation)' },
    reason: { type: 'string', help: 'TEXT: why the locked test side is opened; kept with the split' },
    bootstrap: { type: 'string', help: 'COUNT of resamples of infants behind each interval (default 2000)' },
    name: { type: 'string', help: 'NAME of the experiment' },
    'dry-run': { type: 'boolean', help: 'show what would be trained and about how long it takes, and stop' }
  },
  notes: `A version that was trained from the very same films, settings and seed is taken as it is. Ctrl+C stops after a
checkpoint; experiment resume goes on. The paper’s own figures stand beside, marked as those of another data set.`,
  async run(call) {
    const client = await call.openProject()
    const options = await experimentOptionsOf(client, call)
    const plan = await client.experiments.plan(options)
    const { output } = call
    for (const { severity, method, message } of plan.problems) {
      output.note(
        `${severity === 'refuse' ? 'Not possible' : 'Note'}: ${method === null ? '' : `${method}: `}${message}`
      )
    }
    if (call.options['dry-run'] === true) {
      output.result(plan, () => describePlan(plan))
      return plan.problems.some(({ severity }) => severity === 'refuse') ? EXIT.findings : EXIT.done
    }
    output.note(`About ${duration(plan.seconds)} (rough).`)
    const { id } = await client.experiments.start(options)
    return followExperiment(client, id, call)
  }
}

export const experimentResumeCommand: Command = {
  name: 'experiment resume',
  summary: 'Go on with an experiment that was stopped or interrupted.',
  operands: 'PROJECT [EXPERIMENT]',
  arity: [1, 2],
  options: {},
  notes:
    'EXPERIMENT is an id of experiment list, or as much of it as tells it apart (default: the newest not done).',
  async run(call) {
    const client = await call.openProject()
    const { id } = await findExperiment(client, call, ({ job }) => job.state !== 'done')
    await client.jobs.resume({ id })
    return followExperiment(client, id, call)
  }
}

export const experimentTable2Command: Command = {
  name: 'experiment table2',
  summary: 'Lay out the paper’s Table 2: F1 of each class of two methods of an experiment.',
  operands: 'PROJECT [EXPERIMENT]',
  arity: [1, 2],
  options: {
    a: { type: 'string', help: 'METHOD (default: early fusion, as in the paper)' },
    b: { type: 'string', help: 'METHOD (default: CCGN); differences are b less a' }
  },
  async run(call) {
    const client = await call.openProject()
    const { id, methods } = await findExperiment(client, call, ({ parts }) => parts.done > 0)
    const chosen = (name: 'a' | 'b', usual: string) =>
      call.options[name] === undefined
        ? (methods.find(method => method.replace(/-small$/, '') === usual) ??
          methods.at(name === 'a' ? 0 : -1)!)
        : String(call.options[name])
    const found = await client.experiments.classDifferences({
      id,
      a: chosen('a', 'early-fusion'),
      b: chosen('b', 'ccgn')
    })
    call.output.result(found, () => describeClassDifferences(found))
    call.output.note('Research use only. Not for diagnosis.')
    return EXIT.done
  }
}

export const experimentShowCommand: Command = {
  name: 'experiment show',
  summary: 'Show an experiment: its runs and, once it is done, Table 1.',
  operands: 'PROJECT [EXPERIMENT]',
  arity: [1, 2],
  options: {},
  async run(call) {
    const client = await call.openProject()
    const { id } = await findExperiment(client, call, () => true)
    return show(await client.experiments.get({ id }), call)
  }
}

export const experimentListCommand: Command = {
  name: 'experiment list',
  summary: 'List the experiments of a project, newest first.',
  operands: 'PROJECT',
  arity: [1, 1],
  options: {},
  async run(call) {
    const client = await call.openProject()
    const all = await client.experiments.list()
    call.output.result(all, () =>
      all.length === 0
        ? 'No experiments yet.'
        : table(
            ['EXPERIMENT', 'STARTED', 'NAME', 'SPLIT', 'SIDE', 'RUNS', 'STATE'],
            all.map(({ id, at, name, split, side, parts, job }) => [
              id,
              at,
              name,
              split,
              side,
              `${parts.done} of ${parts.total}`,
              job.error ? `${job.state}: ${job.error.message}` : job.state
            ])
          )
    )
    return EXIT.done
  }
}

async function followExperiment(client: TerminalClient, id: string, call: CommandCall): Promise<number> {
  const job = await followJob(client, id, call)
  if (job.error && (await client.experiments.get({ id })).result === null) {
    throw new ORPCError(job.error.code, { message: job.error.message, data: job.error.data })
  }
  if (job.state === 'cancelled' || job.state === 'paused') return EXIT.cancelled
  return show(await client.experiments.get({ id }), call)
}

function show(experiment: Experiment, { output }: CommandCall): number {
  output.result(experiment, () => describeExperiment(experiment))
  output.note('Research use only. Not for diagnosis.')
  return experiment.summary.parts.failed > 0 ? EXIT.findings : EXIT.done
}

async function findExperiment(
  client: TerminalClient,
  { positionals }: CommandCall,
  otherwise: (summary: ExperimentSummary) => boolean
): Promise<ExperimentSummary> {
  const all = await client.experiments.list()
  const wanted = positionals[1]
  const found =
    wanted === undefined ? all.filter(otherwise).slice(0, 1) : all.filter(({ id }) => id.startsWith(wanted))
  if (found.length === 1) return found[0]!
  throw new UsageError(
    found.length > 1
      ? `Several experiments begin with ${wanted}; give more of the id.`
      : wanted === undefined
        ? 'This project has no such experiment.'
        : `This project has no experiment ${wanted}.`
  )
}

async function experimentOptionsOf(
  client: TerminalClient,
  { options }: CommandCall
): Promise<ExperimentOptions> {
  const resamples = integerOption(options, 'bootstrap') ?? 2000
  if (resamples < 100 || resamples > 10_000) throw new UsageError('--bootstrap takes 100 to 10000.')
  const seeds = integerOption(options, 'seeds') ?? 1
  if (seeds < 1 || seeds > 20) throw new UsageError('--seeds takes 1 to 20.')
  const epochs = integerOption(options, 'epochs')
  const scope = choiceOption(options, 'scope', trainingScope.options, 'all')
  const parents = await versionsOf(client, textOption(options, 'parents'))
  const methods = textOption(options, 'methods')
  return {
    name: textOption(options, 'name'),
    methods:
      methods === null && scope !== 'all'
        ? await methodsOfVersions(client, parents)
        : await methodsOf(client, methods ?? 'paper'),
    scope,
    parents,
    seeds,
    preset: choiceOption(
      options,
      'preset',
      trainingPreset.options,
      scope === 'all' ? 'paper' : 'incremental'
    ),
    size: integerOption(options, 'size'),
    hyperparameters: {
      ...(methods === 'small' && scope === 'all' ? SMALL_SETTINGS : {}),
      ...hyperparameterOption(textOption(options, 'set')),
      ...(epochs === null ? {} : { epochs })
    },
    split: textOption(options, 'split'),
    init: initOption(textOption(options, 'init')),
    versions: await versionsOf(client, textOption(options, 'versions')),
    side: choiceOption(options, 'side', ['validation', 'test'] as const, 'validation'),
    reason: textOption(options, 'reason'),
    resamples,
    provider: choiceOption(options, 'provider', providerId.options, null)
  }
}

async function methodsOf(client: TerminalClient, wanted: string): Promise<string[]> {
  if (wanted === 'paper') return [...PAPER_METHODS]
  const known = (await client.training.methods()).map(({ id }) => id)
  if (wanted === 'small') return PAPER_METHODS.map(id => `${id}-small`).filter(id => known.includes(id))
  return wanted.split(',').map(name => name.trim())
}

async function methodsOfVersions(client: TerminalClient, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) {
    throw new UsageError(
      '--scope head and last-stage need --parents: the versions whose features are trained on.'
    )
  }
  const models = await client.models.list()
  return [...new Set(ids.map(id => models.find(model => model.id === id)!.method))]
}

async function versionsOf(client: TerminalClient, list: string | null): Promise<string[]> {
  const found: string[] = []
  for (const wanted of list?.split(',') ?? []) found.push((await modelIdOf(client, wanted.trim()))!)
  return found
}

/** 'ccgn=/weights/resnet50.pth,resnet50=/weights/resnet50.pth' */
function initOption(list: string | null): Record<string, string> {
  if (list === null) return {}
  return Object.fromEntries(
    list.split(',').map(pair => {
      const at = pair.indexOf('=')
      if (at < 1) throw new UsageError(`--init takes METHOD=FILE,..., not '${pair}'.`)
      return [pair.slice(0, at).trim(), resolve(pair.slice(at + 1).trim())]
    })
  )
}

function describePlan({ split, films, parts, seconds }: ExperimentPlan): string {
  const bases = { same: 'measured', scaled: 'from other runs', typical: 'guessed' } as const
  return [
    `${split?.name ?? 'no split'}: ${films.train} films to train on, ${films.validation} to validate. About ${duration(seconds)}.`,
    table(
      ['METHOD', 'SEED', 'PIXELS', 'VERSION', 'ABOUT', 'ESTIMATE'],
      parts.map(({ method, seed, size, modelId, seconds, basis }) => [
        method,
        seed,
        size,
        modelId ?? 'to be trained',
        duration(seconds),
        bases[basis]
      ])
    )
  ].join('\n\n')
}
