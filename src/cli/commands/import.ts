import { ORPCError } from '@orpc/client'
import { resolve } from 'node:path'
import type { ImportReport, Mapping } from '../../contract'
import { UsageError, type Command, type CommandCall, type TerminalClient } from '../command'
import { EXIT } from '../exit-codes'
import { followJob } from '../follow-job'
import { fields, table } from '../output'

/** Items listed after the counts; --json has them all. */
const LISTED = 40
const PAGE = 1000
const NOT_TAKEN = ['refused', 'row-refused', 'row-unmatched'] as const

export const importCommand: Command = {
  name: 'import',
  summary: 'Take films and a table of labels, GA and BW into a project.',
  operands: 'PROJECT FOLDER',
  arity: [2, 2],
  options: {
    table: {
      type: 'string',
      help: 'FILE.csv|.tsv|.json, or the root of a label-JSON tree parallel to the images'
    },
    profile: { type: 'string', help: 'NAME of a saved mapping profile (default: the suggested mapping)' },
    'dry-run': { type: 'boolean', help: 'report what would happen; write nothing' }
  },
  notes: `Originals are only read. Importing again is safe: what is there already counts as unchanged. After Ctrl+C
the same command goes on where it stopped.`,
  async run(call) {
    const [project, folder] = call.positionals.map(operand => resolve(operand)) as [string, string]
    const tablePath = call.options.table === undefined ? null : resolve(String(call.options.table))
    if (call.options.profile !== undefined && tablePath === null) {
      throw new UsageError('--profile says how to read a table; name it with --table.')
    }
    const { client } = await call.connect()
    await client.project.open({ folder: project })
    const mapping = tablePath === null ? null : await chooseMapping(client, call, tablePath, folder)
    const { jobId } = await client.intake.start({
      source: { folder, table: tablePath, mapping },
      dryRun: call.options['dry-run'] === true
    })
    const job = await followJob(client, jobId, call)
    if (job.state === 'cancelled') return EXIT.cancelled
    if (job.error) throw new ORPCError(job.error.code, { message: job.error.message, data: job.error.data })
    const report = await wholeReport(client, jobId)
    call.output.result(report, () => describe(report))
    const { refused, rowsRefused, rowsUnmatched } = report.counts
    return refused + rowsRefused + rowsUnmatched > 0 ? EXIT.findings : EXIT.done
  }
}

async function chooseMapping(
  client: TerminalClient,
  call: CommandCall,
  path: string,
  folder: string
): Promise<Mapping> {
  const name = call.options.profile
  if (name !== undefined) {
    const profiles = await client.intake.profiles()
    const profile = profiles.find(candidate => candidate.name === name)
    if (profile) return profile.mapping
    const known = profiles.map(candidate => `'${candidate.name}'`).join(', ') || 'none'
    throw new UsageError(`No profile '${String(name)}' in this project; saved there: ${known}.`)
  }
  const inspection = await client.intake.inspectTable({ path, folder })
  for (const question of inspection.questions) {
    call.output.note(`Mapping, ${question.field}: ${question.reason} (${question.detail})`)
  }
  return inspection.suggested
}

/** The report with every item that was not taken in. */
async function wholeReport(client: TerminalClient, jobId: string): Promise<ImportReport> {
  const outcomes = [...NOT_TAKEN]
  const report = await client.intake.report({ jobId, outcomes, offset: 0, limit: PAGE })
  while (report.items.length < report.total) {
    const page = await client.intake.report({ jobId, outcomes, offset: report.items.length, limit: PAGE })
    if (page.items.length === 0) break
    report.items.push(...page.items)
  }
  return report
}

function describe(report: ImportReport): string {
  const { counts } = report
  const parts = [
    report.dryRun ? 'Dry run: nothing was written.' : 'Imported.',
    fields([
      ['Files', counts.files],
      ['New', counts.new],
      ['Unchanged', counts.unchanged],
      ['Changed', counts.changed],
      ['Refused', counts.refused],
      ['Documents passed over', counts.passedOver],
      ['Labels', counts.labels],
      ['GA/BW values', counts.contexts],
      ['Rows refused', counts.rowsRefused],
      ['Rows without a film', counts.rowsUnmatched]
    ])
  ]
  if (report.items.length > 0) {
    const rows = report.items
      .slice(0, LISTED)
      .map(item => [
        item.line === null ? item.path : `line ${item.line}`,
        item.reason,
        item.field,
        item.detail
      ])
    parts.push(table(['NOT TAKEN IN', 'REASON', 'FIELD', 'PARTICULARS'], rows))
    const more = report.items.length - LISTED
    if (more > 0) parts.push(`... and ${more} more; --json lists all.`)
  }
  return parts.join('\n\n')
}
