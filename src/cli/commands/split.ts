import { ORPCError } from '@orpc/client'
import { extname, resolve } from 'node:path'
import type { SplitCheck, SplitInfo } from '../../contract'
import { UsageError, type Command, type CommandCall, type TerminalClient } from '../command'
import { EXIT } from '../exit-codes'
import { followJob } from '../follow-job'
import { integerOption, requiredOption } from '../options'
import { fields, table } from '../output'
import { describeDrift, describeExclusions, describeLeaks, describeWarning, sideTable } from './split-text'

export const splitMakeCommand: Command = {
  name: 'split make',
  summary: 'Divide the labelled films by infant into train, validation and test.',
  operands: 'PROJECT',
  arity: [1, 1],
  options: {
    name: { type: 'string', help: 'NAME of the split (default: split-1, split-2 ...)' },
    proportions: {
      type: 'string',
      help: 'A,B,C for train, validation, test; percentages or fractions (default: the paper’s 34598:4370:4370)'
    },
    seed: { type: 'string', help: 'SEED of the chance in it (default 1)' },
    extend: { type: 'string', help: 'SPLIT whose infants keep their sides; new infants are divided' }
  },
  notes: `All films of an infant are on one side; classes and sites are divided alike. A split is never changed or overwritten.
Left out are films without a label of the six classes, that cannot be read, or with implausible GA and BW (|z| >= 5).`,
  async run(call) {
    const { options, output, openProject } = call
    const request = {
      name: options.name === undefined ? null : String(options.name),
      proportions: proportionsOption(options.proportions),
      seed: integerOption(options, 'seed') ?? 1,
      extend: options.extend === undefined ? null : String(options.extend)
    }
    const client = await openProject()
    const made = await client.splits.make(request)
    const { split } = made
    for (const warning of split.report.warnings) output.note(`Note: ${describeWarning(warning)}`)
    output.result(made, () =>
      [describeSplit(split), sideTable(made.table), describeExclusions(split.report)].join('\n\n')
    )
    return EXIT.done
  }
}

export const splitCheckCommand: Command = {
  name: 'split check',
  summary: 'Look for leaks between the sides of a split, and for changes since it was made.',
  operands: 'PROJECT [SPLIT]',
  arity: [1, 2],
  options: {
    pixels: {
      type: 'boolean',
      help: 'decode every film first, so that equal pictures in different files are found'
    }
  },
  notes: `SPLIT is a name or an id (default: the newest). Exit code 3 where films of one infant, or equal films, are on several
sides, or where the manifest was altered.`,
  async run(call) {
    const { positionals, options, output, openProject } = call
    const client = await openProject()
    const split = positionals[1] ?? (await newestSplit(client))
    if (options.pixels === true && !(await comparePixels(client, call))) return EXIT.cancelled
    const check = await client.splits.check({ split })
    output.result(check, () => describeCheck(check))
    return check.passed ? EXIT.done : EXIT.findings
  }
}

export const splitExportCommand: Command = {
  name: 'split export',
  summary: 'Write the manifest of a split.',
  operands: 'PROJECT SPLIT',
  arity: [2, 2],
  options: {
    out: { type: 'string', help: 'FILE to write' },
    format: { type: 'string', help: 'FORMAT: csv or json (default: by the file’s extension)' }
  },
  async run({ positionals, options, output, openProject }) {
    const out = resolve(requiredOption(options, 'out'))
    const format = String(options.format ?? extname(out).slice(1)).toLowerCase()
    if (format !== 'csv' && format !== 'json') throw new UsageError('--format takes csv or json.')
    const client = await openProject()
    const written = await client.tools.exportSplit({ split: positionals[1]!, out, format })
    output.result(written, () => `${written.out}: ${written.films} films, SHA-256 ${written.hash}`)
    return EXIT.done
  }
}

export const splitListCommand: Command = {
  name: 'split list',
  summary: 'List the splits of a project.',
  operands: 'PROJECT',
  arity: [1, 1],
  options: {},
  async run({ output, openProject }) {
    const client = await openProject()
    const splits = await client.splits.list()
    const names = new Map(splits.map(({ id, name }) => [id, name]))
    output.result(splits, () =>
      splits.length === 0
        ? 'No splits yet.'
        : table(
            ['NAME', 'MADE', 'BY', 'PROPORTIONS', 'SEED', 'EXTENDS', 'HASH'],
            splits.map(split => [
              split.name,
              split.createdAt,
              split.reader,
              percentages(split),
              split.seed,
              split.parentId && (names.get(split.parentId) ?? split.parentId),
              split.hash.slice(0, 16)
            ])
          )
    )
    return EXIT.done
  }
}

/** @throws UsageError */
function proportionsOption(text: string | boolean | undefined): number[] | null {
  if (text === undefined) return null
  const shares = String(text)
    .split(',')
    .map(share => (share.trim() === '' ? Number.NaN : Number(share)))
  if (shares.length === 3 && shares.every(share => Number.isFinite(share))) return shares
  throw new UsageError(`--proportions takes three numbers such as 80,10,10, not '${String(text)}'.`)
}

async function newestSplit(client: TerminalClient): Promise<string> {
  const newest = (await client.splits.list()).at(-1)
  if (newest) return newest.id
  throw new UsageError('This project has no split yet: make one with split make.')
}

/** @returns false where it was cancelled */
async function comparePixels(client: TerminalClient, call: CommandCall): Promise<boolean> {
  const { jobId } = await client.splits.comparePixels()
  const job = await followJob(client, jobId, call)
  if (job.error) throw new ORPCError(job.error.code, { message: job.error.message, data: job.error.data })
  return job.state !== 'cancelled'
}

const percentages = ({ proportions }: SplitInfo) =>
  proportions.map(share => `${(100 * share).toFixed(2)} %`).join(', ')

function describeSplit(split: SplitInfo): string {
  return fields([
    ['Split', split.name],
    ['Id', split.id],
    ['Made', `${split.createdAt} by ${split.reader}`],
    ['Proportions', percentages(split)],
    ['Seed', split.seed],
    ['SHA-256', split.hash]
  ])
}

function describeCheck(check: SplitCheck): string {
  const { hash, pixels } = check
  const verdict = fields([
    ['Verdict', check.passed ? 'no leak found' : 'NOT TO BE TRUSTED'],
    ['Manifest', hash.intact ? 'as it was made' : `ALTERED: its hash is ${hash.computed} now`],
    ['Pixels', `compared for ${pixels.compared} of ${pixels.films} films`]
  ])
  return [
    describeSplit(check.split),
    verdict,
    describeLeaks(check),
    describeDrift(check),
    sideTable(check.table)
  ]
    .filter(part => part !== '')
    .join('\n\n')
}
