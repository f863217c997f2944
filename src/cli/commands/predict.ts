import { ORPCError } from '@orpc/client'
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { DIAGNOSES, providerId } from '../../contract'
import { UsageError, type Command, type CommandCall } from '../command'
import { EXIT } from '../exit-codes'
import { followJob } from '../follow-job'
import { choiceOption, gestationalAgeOption, integerOption, requiredOption } from '../options'
import { fields, table } from '../output'

export const predictCommand: Command = {
  name: 'predict',
  summary: 'Predict the films of a project, or single files.',
  operands: 'PROJECT | FILE...',
  arity: [1, Infinity],
  options: {
    model: { type: 'string', help: 'DIR of the model (a project may leave it out: its active model)' },
    ga: {
      type: 'string',
      help: 'AGE at birth of the files’ infant, such as 29w3d (default: the model’s cohort mean)'
    },
    bw: { type: 'string', help: 'GRAMS at birth of the files’ infant (default: the model’s cohort mean)' },
    provider: {
      type: 'string',
      help: `PROVIDER: ${providerId.options.join(', ')} (default: the fastest that works)`
    }
  },
  notes: `In a project, films that have a prediction by the same model are not predicted again, and GA and BW are those
of the project.`,
  async run(call) {
    const paths = call.positionals.map(path => resolve(path))
    const isFolder = statSync(paths[0]!, { throwIfNoEntry: false })?.isDirectory() === true
    if (isFolder && paths.length > 1) throw new UsageError('Name one project, or files.')
    return isFolder ? predictProject(call, paths[0]!) : predictFiles(call, paths)
  }
}

async function predictProject(call: CommandCall, folder: string): Promise<number> {
  if (call.options.ga !== undefined || call.options.bw !== undefined) {
    throw new UsageError('--ga and --bw are for files; in a project GA and BW come from its records.')
  }
  const provider = choiceOption(call.options, 'provider', providerId.options, null)
  const { client } = await call.connect()
  await client.project.open({ folder })
  let modelId: string | null = null
  if (call.options.model !== undefined) {
    const modelFolder = resolve(String(call.options.model))
    const { hash } = await client.tools.describeModel({ folder: modelFolder })
    const added = await client.models.add({ folder: modelFolder })
    modelId = added.find(model => model.hash === hash)?.id ?? null
  }
  const before = await client.app.settings()
  if (provider) await client.app.changeSettings({ provider })
  try {
    const { jobId } = await client.predictions.start({ filmIds: null, modelId })
    const job = await followJob(client, jobId, call)
    if (job.state === 'cancelled') return EXIT.cancelled
    if (job.error) throw new ORPCError(job.error.code, { message: job.error.message, data: job.error.data })
    call.output.result(job, () => fields(Object.entries(job.summary)))
    return (job.summary.refused ?? 0) > 0 ? EXIT.findings : EXIT.done
  } finally {
    if (provider) await client.app.changeSettings({ provider: before.provider })
  }
}

async function predictFiles(call: CommandCall, paths: string[]): Promise<number> {
  const request = {
    paths,
    model: resolve(requiredOption(call.options, 'model')),
    gaDays: gestationalAgeOption(call.options, 'ga'),
    bwGrams: integerOption(call.options, 'bw'),
    provider: choiceOption(call.options, 'provider', providerId.options, null)
  }
  const { client } = await call.connect()
  const answers = await client.tools.predictFiles(request, { signal: call.signal })
  const [first] = answers.flatMap(answer => answer.prediction ?? [])
  if (first?.fallback) call.output.note(first.fallback)
  if (first && !first.trained) {
    call.output.note('The model is untrained: these numbers mean nothing about the infants.')
  }
  call.output.result(answers, () =>
    table(
      ['FILE', 'PREDICTED', ...DIAGNOSES],
      answers.map(({ path, prediction, error }) =>
        prediction
          ? [path, prediction.predicted, ...prediction.probabilities.map(p => p.toFixed(4))]
          : [path, `${error?.code ?? 'FAILED'}: ${error?.message ?? ''}`, ...DIAGNOSES.map(() => '')]
      )
    )
  )
  if (first) call.output.note('Research use only. Not for diagnosis.')
  return answers.every(({ error }) => error === null) ? EXIT.done : EXIT.findings
}
