import { extname, resolve } from 'node:path'
import { UsageError, type Command } from '../command'
import { EXIT } from '../exit-codes'
import { requiredOption } from '../options'
import { fields, table } from '../output'

export const labelsExportCommand: Command = {
  name: 'labels export',
  summary: 'Write the labels, GA and BW of a project.',
  operands: 'PROJECT',
  arity: [1, 1],
  options: {
    out: { type: 'string', help: 'FILE to write' },
    format: { type: 'string', help: 'FORMAT: csv or json (default: by the file’s extension)' }
  },
  async run({ options, output, openProject }) {
    const out = resolve(requiredOption(options, 'out'))
    const format = String(options.format ?? extname(out).slice(1)).toLowerCase()
    if (format !== 'csv' && format !== 'json') throw new UsageError('--format takes csv or json.')
    const client = await openProject()
    const written = await client.tools.exportLabels({ out, format })
    output.result(written, () => `${written.out}: ${written.rows} rows`)
    return EXIT.done
  }
}

export const labelsImportCommand: Command = {
  name: 'labels import',
  summary: 'Take a file written by labels export back in.',
  operands: 'PROJECT FILE',
  arity: [2, 2],
  options: {},
  notes:
    'Every value that differs becomes a revision; nothing is overwritten. Exit code 3 where rows were refused.',
  async run({ positionals, output, connect }) {
    const [folder, path] = positionals.map(operand => resolve(operand)) as [string, string]
    const { client } = await connect()
    await client.project.open({ folder })
    const taken = await client.tools.importLabels({ path })
    output.result(taken, () => {
      const counts = fields([
        ['Applied', taken.applied],
        ['Unchanged', taken.unchanged],
        ['Refused', taken.refused.length]
      ])
      const refused = taken.refused.map(({ line, reason, detail }) => [line, reason, detail])
      return refused.length === 0
        ? counts
        : `${counts}\n\n${table(['LINE', 'REASON', 'PARTICULARS'], refused)}`
    })
    return taken.refused.length === 0 ? EXIT.done : EXIT.findings
  }
}
