import { ORPCError } from '@orpc/client'
import { splitSide, type EvaluationOptions } from '../../contract'
import { UsageError, type Command, type CommandCall, type TerminalClient } from '../command'
import { EXIT } from '../exit-codes'
import { followJob } from '../follow-job'
import { integerOption, textOption } from '../options'
import { describeEvaluation } from './evaluate-text'
import { modelIdOf } from './model-id'

export const evaluateCommand: Command = {
  name: 'evaluate',
  summary: 'Evaluate a model version on a frozen set of films.',
  operands: 'PROJECT',
  arity: [1, 1],
  options: {
    model: { type: 'string', help: 'ID or name of the version (default: the active one)' },
    split: {
      type: 'string',
      help: 'SPLIT by name or id (default: the one that the version was trained with, else the newest)'
    },
    side: { type: 'string', help: `SIDE: ${splitSide.options.join(', ')} (default validation)` },
    reason: { type: 'string', help: 'TEXT: why the locked test side is opened; kept with the split' },
    all: { type: 'boolean', help: 'all labelled films, those that the version learnt from included' },
    bootstrap: { type: 'string', help: 'COUNT of resamples of infants behind each interval (default 2000)' },
    seed: { type: 'string', help: 'SEED of the resamples (default 1)' },
    'no-controls': { type: 'boolean', help: 'leave the shortcut controls out' }
  },
  notes: `Films without a prediction are predicted first. Temperature and thresholds are fitted on validation films only and kept
with the version. Every figure has a 95 % percentile interval over infants. The evaluation is kept in the project.`,
  async run(call) {
    const client = await call.openProject()
    const options = await evaluationOptionsOf(client, call)
    const { jobId } = await client.evaluation.start(options)
    const job = await followJob(client, jobId, call)
    if (job.error) throw new ORPCError(job.error.code, { message: job.error.message, data: job.error.data })
    if (job.state !== 'done') return EXIT.cancelled
    const evaluation = await client.evaluation.get({ id: jobId })
    call.output.result(evaluation, () => describeEvaluation(evaluation))
    call.output.note('Research use only. Not for diagnosis.')
    return EXIT.done
  }
}

async function evaluationOptionsOf(
  client: TerminalClient,
  { options }: CommandCall
): Promise<EvaluationOptions> {
  const side = splitSide.safeParse(options.side ?? 'validation')
  if (!side.success) throw new UsageError(`--side takes ${splitSide.options.join(', ')}.`)
  if (options.all === true && (options.side !== undefined || options.split !== undefined)) {
    throw new UsageError('Give --all, or --split and --side.')
  }
  const resamples = integerOption(options, 'bootstrap') ?? 2000
  if (resamples < 100 || resamples > 10_000) throw new UsageError('--bootstrap takes 100 to 10000.')
  return {
    modelId: await modelIdOf(client, textOption(options, 'model')),
    set:
      options.all === true
        ? { kind: 'all' }
        : {
            kind: 'side',
            split: textOption(options, 'split'),
            side: side.data,
            reason: textOption(options, 'reason')
          },
    resamples,
    seed: integerOption(options, 'seed') ?? 1,
    ...(options['no-controls'] === true ? { controls: [] } : {})
  }
}
