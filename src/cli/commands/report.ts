import { resolve } from 'node:path'
import { UsageError, type Command } from '../command'
import { EXIT } from '../exit-codes'
import { requiredOption } from '../options'

export const reportCommand: Command = {
  name: 'report',
  summary: 'Write the report of an evaluation or an experiment: PDF, figures, CSV.',
  operands: 'PROJECT',
  arity: [1, 1],
  options: {
    evaluation: {
      type: 'string',
      help: 'ID of the evaluation, or as much of it as tells it apart, or newest'
    },
    experiment: { type: 'string', help: 'ID of the experiment, likewise' },
    out: { type: 'string', help: 'FOLDER to write into; it is made' }
  },
  notes: `The folder holds report.pdf, every figure as SVG and PNG, every number as figures.csv, the model card as Markdown,
and provenance.json. No patient's key, name or image is in any of them.`,
  async run({ options, output, openProject }) {
    const kind = options.experiment === undefined ? 'evaluation' : 'experiment'
    if (options.experiment !== undefined && options.evaluation !== undefined) {
      throw new UsageError('Give --evaluation or --experiment.')
    }
    const wanted = requiredOption(options, kind)
    const out = resolve(requiredOption(options, 'out'))
    const client = await openProject()
    const all = kind === 'evaluation' ? await client.evaluation.list() : await client.experiments.list()
    const found = wanted === 'newest' ? all.slice(0, 1) : all.filter(({ id }) => id.startsWith(wanted))
    if (found.length !== 1) {
      throw new UsageError(
        found.length === 0
          ? `This project has no ${kind} ${wanted}.`
          : `Several ${kind}s begin with ${wanted}; give more of the id.`
      )
    }
    const report = await client.tools.writeReport({ kind, id: found[0]!.id, out })
    output.result(report, () => report.files.map(({ name }) => resolve(report.folder, name)).join('\n'))
    output.note('Research use only. Not for diagnosis.')
    return EXIT.done
  }
}
