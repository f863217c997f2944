import { basename, resolve } from 'node:path'
import type { Command } from '../command'
import { EXIT } from '../exit-codes'
import { fields } from '../output'

export const newCommand: Command = {
  name: 'new',
  summary: 'Make an empty project folder.',
  operands: 'PROJECT',
  arity: [1, 1],
  options: { name: { type: 'string', help: 'NAME shown on the screens (default: the folder’s name)' } },
  async run({ positionals, options, output, connect }) {
    const folder = resolve(positionals[0]!)
    const { client } = await connect()
    const project = await client.project.create({ folder, name: String(options.name ?? basename(folder)) })
    output.result(project, () =>
      fields([
        ['Project', project.name],
        ['Folder', project.folder],
        ['Made', project.createdAt]
      ])
    )
    return EXIT.done
  }
}

export const auditVerifyCommand: Command = {
  name: 'audit verify',
  summary: 'Recompute the hash chain over every label and GA/BW revision.',
  operands: 'PROJECT',
  arity: [1, 1],
  options: {},
  notes: 'Exit code 3 where an entry was altered, removed or put in later.',
  async run({ output, openProject }) {
    const client = await openProject()
    const verdict = await client.history.verify()
    output.result(verdict, () =>
      verdict.broken
        ? `BROKEN at entry ${verdict.broken.seq} of ${verdict.entries}: ${verdict.broken.problem}`
        : `Intact: ${verdict.entries} entries, each follows from the one before it.`
    )
    return verdict.intact ? EXIT.done : EXIT.findings
  }
}
