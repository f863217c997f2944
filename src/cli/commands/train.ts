import { ORPCError } from '@orpc/client'
import { resolve } from 'node:path'
import {
  hyperparameters,
  providerId,
  trainingPreset,
  trainingScope,
  type Job,
  type LoggedTrainingEvent,
  type TrainingOptions,
  type TrainingPlan
} from '../../contract'
import { UsageError, type Command, type CommandCall, type TerminalClient } from '../command'
import { EXIT } from '../exit-codes'
import { followJob } from '../follow-job'
import { choiceOption, integerOption, requiredOption, textOption } from '../options'
import { fields, table } from '../output'
import { modelIdOf } from './model-id'
import { hyperparameterOption, trainingOptionSpecs } from './training-options'

const JSON_LINES = {
  type: 'boolean',
  help: 'print every event of the run as one line of JSON, as it happens'
} as const

export const trainCommand: Command = {
  name: 'train',
  summary: 'Train a version of a model on a project’s films.',
  operands: 'PROJECT',
  arity: [1, 1],
  options: {
    method: { type: 'string', help: 'METHOD to train (default: that of the version it begins with)' },
    scope: { type: 'string', help: `PART: ${trainingScope.options.join(', ')} (default head)` },
    ...trainingOptionSpecs('incremental'),
    parent: {
      type: 'string',
      help: 'VERSION to begin with, or none (default: the active one, with scope all none)'
    },
    init: { type: 'string', help: 'FILE of pretrained weights for the backbone, without a parent' },
    name: { type: 'string', help: 'NAME of the version' },
    size: { type: 'string', help: 'PIXELS of the input’s side (default: the parent’s or the method’s)' },
    data: { type: 'string', help: 'FILMS: all or new-labels (default all)' },
    rehearsal: {
      type: 'string',
      help: 'COUNT of earlier films mixed in with new labels (default: four for each)'
    },
    control: { type: 'string', help: 'CONTROL: none or shuffled-context (default none)' },
    seed: { type: 'string', help: 'SEED of all that is random (default 0)' },
    'dry-run': { type: 'boolean', help: 'show what would be done, and stop' },
    'json-lines': JSON_LINES
  },
  notes: `Hyperparameters for --set: ${Object.keys(hyperparameters.shape).join(', ')}.
Ctrl+C stops after a checkpoint; train resume goes on. The test side of the split is never read.`,
  async run(call) {
    const { output, openProject } = call
    const client = await openProject()
    const options = await trainingOptionsOf(client, call)
    const plan = await client.training.plan(options)
    for (const { severity, message } of plan.problems) {
      output.note(`${severity === 'refuse' ? 'Not possible' : 'Note'}: ${message}`)
    }
    if (call.options['dry-run'] === true) {
      output.result(plan, () => describePlan(plan))
      return plan.problems.some(({ severity }) => severity === 'refuse') ? EXIT.findings : EXIT.done
    }
    const { jobId } = await client.training.start(options)
    return followTraining(client, jobId, call)
  }
}

export const trainResumeCommand: Command = {
  name: 'train resume',
  summary: 'Go on with a training run that was stopped or interrupted.',
  operands: 'PROJECT [RUN]',
  arity: [1, 2],
  options: { 'json-lines': JSON_LINES },
  notes: 'RUN is an id of train list (default: the newest that is not done).',
  async run(call) {
    const { positionals, openProject } = call
    const client = await openProject()
    const runs = await client.training.runs()
    const id = positionals[1] ?? runs.find(({ job }) => job.state !== 'done')?.job.id
    if (id === undefined) throw new UsageError('This project has no training run to go on with.')
    const already = (await logOf(client, id)).at(-1)?.seq ?? 0
    await client.jobs.resume({ id })
    return followTraining(client, id, call, already)
  }
}

export const trainListCommand: Command = {
  name: 'train list',
  summary: 'List the training runs of a project, newest first.',
  operands: 'PROJECT',
  arity: [1, 1],
  options: {},
  async run({ output, openProject }) {
    const client = await openProject()
    const runs = await client.training.runs()
    output.result(runs, () =>
      runs.length === 0
        ? 'No training runs yet.'
        : table(
            ['RUN', 'STARTED', 'METHOD', 'SCOPE', 'FILMS', 'STATE', 'VERSION'],
            runs.map(({ job, plan, modelId }) => [
              job.id,
              job.startedAt,
              plan.method,
              plan.scope,
              plan.films.train,
              job.error ? `${job.state}: ${job.error.message}` : job.state,
              modelId
            ])
          )
    )
    return EXIT.done
  }
}

async function trainingOptionsOf(client: TerminalClient, { options }: CommandCall): Promise<TrainingOptions> {
  const scope = choiceOption(options, 'scope', trainingScope.options, 'head')
  const models = await client.models.list()
  const wanted = textOption(options, 'parent')
  const fresh = wanted === 'none' || (wanted === null && scope === 'all')
  const parentId = fresh ? null : await modelIdOf(client, wanted)
  const parent = fresh ? null : models.find(({ id, active }) => (wanted === null ? active : id === parentId))
  return {
    method: textOption(options, 'method') ?? parent?.method ?? requiredOption(options, 'method'),
    scope,
    preset: choiceOption(options, 'preset', trainingPreset.options, 'incremental'),
    parentId: parent?.id ?? null,
    init: options.init === undefined ? null : resolve(String(options.init)),
    name: textOption(options, 'name'),
    split: textOption(options, 'split'),
    size: integerOption(options, 'size') ?? null,
    data: choiceOption(options, 'data', ['all', 'new-labels'] as const, 'all'),
    rehearsal: integerOption(options, 'rehearsal') ?? null,
    control: choiceOption(options, 'control', ['none', 'shuffled-context'] as const, 'none'),
    seed: integerOption(options, 'seed') ?? 0,
    provider: choiceOption(options, 'provider', providerId.options, null),
    hyperparameters: hyperparameterOption(textOption(options, 'set'))
  }
}

/** Shows a run until it ends. @param after events up to here were shown earlier */
async function followTraining(
  client: TerminalClient,
  jobId: string,
  call: CommandCall,
  after = 0
): Promise<number> {
  const { output } = call
  const lines = call.options['json-lines'] === true
  const showing = (async () => {
    for await (const entry of await client.training.events({ jobId, after })) {
      if (lines) output.line(JSON.stringify(entry))
      else noteEvent(entry, call)
    }
  })()
  const job = await followJob(client, jobId, call)
  await showing
  if (job.error) throw new ORPCError(job.error.code, { message: job.error.message, data: job.error.data })
  if (job.state !== 'done') return EXIT.cancelled
  const { modelId } = await client.training.run({ jobId })
  const made = (await client.models.list()).find(({ id }) => id === modelId)!
  if (!lines) output.result({ job, model: made }, () => describeVersion(made, job))
  output.note('Research use only. Not for diagnosis.')
  return EXIT.done
}

async function logOf(client: TerminalClient, jobId: string): Promise<LoggedTrainingEvent[]> {
  const entries: LoggedTrainingEvent[] = []
  for await (const entry of await client.training.events({ jobId })) entries.push(entry)
  return entries
}

function noteEvent({ event }: LoggedTrainingEvent, { output }: CommandCall): void {
  const number = (value: number | null) => (value === null ? '-' : value.toFixed(4))
  if (event.type === 'epoch') {
    output.note(
      `epoch ${event.epoch}: loss ${number(event.trainingLoss)}, validation loss ${number(event.validationLoss)}, ` +
        `macro F1 ${number(event.macroF1)}, macro-AUROC ${number(event.macroAuroc)}${event.best ? ' (best)' : ''}`
    )
  } else if (event.type === 'film-lost') output.note(`Film ${event.filmId} was left out: ${event.message}`)
  else if (event.type === 'smaller-batch')
    output.note(`Memory is short: ${event.batch} films at a time from now on.`)
  else if (event.type === 'started' && event.resumed) output.note(`Goes on from step ${event.step}.`)
}

function describePlan(plan: TrainingPlan): string {
  return [
    fields([
      ['Method', plan.method],
      ['Scope', `${plan.scope}: ${plan.trainedParameters} parameters`],
      ['Begins with', plan.parentId ?? 'fresh or pretrained weights'],
      ['Split', plan.split && `${plan.split.name} (SHA-256 ${plan.split.hash.slice(0, 16)})`],
      ['Films', `${plan.films.train} to train on, ${plan.films.validation} to validate`],
      ['New labels', plan.films.newLabels],
      ['Rehearsal', plan.films.rehearsal],
      ['Steps per epoch', plan.stepsPerEpoch]
    ]),
    table(
      ['CLASS', 'TRAIN', 'VALIDATION'],
      plan.perClass.map(({ diagnosis, train, validation }) => [diagnosis, train, validation])
    ),
    fields(
      Object.entries(plan.hyperparameters).map(([name, value]) => [
        name,
        value === null ? '-' : String(value)
      ])
    )
  ].join('\n\n')
}

function describeVersion({ id, name }: { id: string; name: string }, { summary }: Job): string {
  return fields([
    ['Version', name],
    ['Id', id],
    ...Object.entries(summary).map(([key, value]): [string, number] => [key, value])
  ])
}
