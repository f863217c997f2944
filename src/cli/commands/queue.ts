import { ORPCError } from '@orpc/client'
import {
  ADJUDICATION_REASONS,
  adjudicationReason,
  diagnosis,
  DIAGNOSES,
  queueKind,
  type QueueScores,
  type ReadingTask
} from '../../contract'
import { UsageError, type Command, type CommandCall, type TerminalClient } from '../command'
import { EXIT } from '../exit-codes'
import { followJob } from '../follow-job'
import { integerOption, textOption } from '../options'
import { fields, table } from '../output'
import { describeReason, QUEUE_SUMMARIES } from './reason-text'

export const queueListCommand: Command = {
  name: 'queue list',
  summary: 'List the review queues: how many films wait in each, and for what.',
  operands: 'PROJECT',
  arity: [1, 1],
  options: {
    score: {
      type: 'boolean',
      help: 'ask the active model first for what the queues need, films without a prediction included'
    }
  },
  async run(call) {
    const { options, output, openProject } = call
    const client = await openProject()
    if (options.score === true) {
      const { jobId } = await client.queues.score()
      const job = await followJob(client, jobId, call)
      if (job.error) {
        throw new ORPCError(job.error.code, { message: job.error.message, data: job.error.data })
      }
      if (job.state === 'cancelled') return EXIT.cancelled
    }
    const found = await client.queues.list()
    output.result(found, () =>
      [
        table(
          ['QUEUE', 'FILMS', 'WHAT'],
          found.queues.map(({ kind, films }) => [kind, films, QUEUE_SUMMARIES[kind]])
        ),
        describeScores(found.scores)
      ].join('\n\n')
    )
    return EXIT.done
  }
}

export const queueNextCommand: Command = {
  name: 'queue next',
  summary: 'Show the first films of a queue, or take the next film of a protocol.',
  operands: 'PROJECT [QUEUE]',
  arity: [1, 2],
  options: {
    count: { type: 'string', help: 'N films of the queue (default 10)' },
    protocol: { type: 'string', help: 'PROTOCOL whose next film is taken instead' },
    reader: { type: 'string', help: 'NAME of who reads (default: the name in the settings)' },
    adjudicate: { type: 'boolean', help: 'take a film on which the protocol’s readers differ' }
  },
  notes: `QUEUE is one of ${queueKind.options.join(', ')}.
A film taken from a protocol is yours until it is answered with queue answer or the protocol's time for it is over;
asking again gives the same film. Exit code 3 where no film is left.`,
  async run(call) {
    const { positionals, options, openProject } = call
    const protocol = textOption(options, 'protocol')
    if ((protocol === null) === (positionals[1] === undefined)) {
      throw new UsageError('Name either a queue or --protocol.')
    }
    const client = await openProject()
    return protocol === null ? showQueue(client, call, positionals[1]!) : takeFilm(client, call, protocol)
  }
}

export const queueAnswerCommand: Command = {
  name: 'queue answer',
  summary: 'Save a reading of a film that was taken with queue next.',
  operands: 'PROJECT TASK CLASS',
  arity: [3, 3],
  options: {
    unsure: { type: 'boolean', help: 'the reader is not sure' },
    comment: { type: 'string', help: 'TEXT to keep with the reading' },
    reasons: {
      type: 'string',
      help: 'CODES, comma-separated: why the readers differed; for an adjudication'
    },
    seconds: { type: 'string', help: 'N seconds that the film was looked at' },
    reader: { type: 'string', help: 'NAME of who reads (default: the name in the settings)' }
  },
  notes: `CLASS is one of ${DIAGNOSES.join(', ')}; CODES are ${ADJUDICATION_REASONS.join(', ')}.`,
  async run({ positionals, options, output, openProject }) {
    const [, taskId, given] = positionals as [string, string, string]
    const found = diagnosis.safeParse(given)
    if (!found.success) throw new UsageError(`CLASS is one of ${DIAGNOSES.join(', ')}, not '${given}'.`)
    const codes = adjudicationReason.array().safeParse(listOption(options.reasons))
    if (!codes.success) throw new UsageError(`--reasons takes ${ADJUDICATION_REASONS.join(', ')}.`)
    const answer = {
      diagnosis: found.data,
      certainty: options.unsure === true ? ('unsure' as const) : ('sure' as const),
      comment: textOption(options, 'comment') ?? '',
      reasonCodes: codes.data,
      seconds: integerOption(options, 'seconds') ?? null
    }
    const client = await openProject()
    const saved = await client.protocols.commit({ taskId, answer, reader: textOption(options, 'reader') })
    output.result(saved, () => `Reading ${saved.seq} saved.`)
    return EXIT.done
  }
}

/** 'a, b' -> ['a', 'b']; nothing where the option is absent. */
export function listOption(value: string | boolean | undefined): string[] {
  return String(value ?? '')
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')
}

async function showQueue(
  client: TerminalClient,
  { options, output }: CommandCall,
  name: string
): Promise<number> {
  const queue = queueKind.safeParse(name)
  if (!queue.success) throw new UsageError(`There is no queue '${name}': ${queueKind.options.join(', ')}.`)
  const limit = integerOption(options, 'count') ?? 10
  const found = await client.queues.films({ queue: queue.data, offset: 0, limit })
  output.result(found, () =>
    [
      table(
        ['FILM', 'INFANT', 'SITE', 'LABEL', 'SCORE', 'WHY'],
        found.films.map(({ row, score, reasons }) => [
          row.id,
          row.patientKey,
          row.site,
          row.label,
          score.toFixed(3),
          reasons.map(describeReason).join('; ')
        ])
      ),
      `${found.films.length} of ${found.total} films`
    ].join('\n\n')
  )
  return found.total === 0 ? EXIT.findings : EXIT.done
}

async function takeFilm(
  client: TerminalClient,
  { options, output }: CommandCall,
  protocol: string
): Promise<number> {
  const kind = options.adjudicate === true ? 'adjudication' : 'reading'
  const task = await client.protocols.next({ protocol, kind, reader: textOption(options, 'reader') })
  output.result(task, () => (task ? describeTask(task) : 'No film is left for this reader.'))
  return task ? EXIT.done : EXIT.findings
}

function describeTask(task: ReadingTask): string {
  const hidden = Object.entries(task.hides).flatMap(([what, isHidden]) => (isHidden ? [what] : []))
  return fields([
    ['Task', task.id],
    ['Film', task.filmId],
    ['Kind', task.kind],
    ['Reader', task.reader],
    ['Hidden', hidden.join(', ') || 'nothing'],
    ['Why', task.reasons.map(describeReason).join('; ') || 'told after the reading is saved'],
    ['Done', task.done],
    ['Left', task.left]
  ])
}

function describeScores(scores: QueueScores | null): string {
  if (!scores) return 'Not scored yet: five queues need queue list --score first.'
  return fields([
    ['Scored', `${scores.madeAt} by ${scores.modelName ?? scores.modelHash}`],
    ['Films', `${scores.films}, ${scores.outOfFold} of them cross-validated`],
    ['Changed since', scores.outdated],
    ['Active model', scores.otherModel ? 'ANOTHER ONE NOW' : 'the same']
  ])
}
