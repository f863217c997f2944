import { resolve } from 'node:path'
import type { Command } from '../command'
import { EXIT } from '../exit-codes'
import { integerOption } from '../options'
import { fields } from '../output'

export const demoMakeCommand: Command = {
  name: 'demo make',
  summary: 'Draw a study folder of synthetic newborn chest films.',
  operands: 'FOLDER',
  arity: [1, 1],
  options: {
    infants: { type: 'string', help: 'N infants, several films each (default 120)' },
    seed: { type: 'string', help: 'SEED: the same seed draws the same folder (default 1)' }
  },
  notes: 'Wrong labels and wrong GA/BW are planted on purpose; the truth file lists them.',
  async run({ positionals, options, output, signal, connect }) {
    const { client } = await connect()
    const made = await client.tools.makeDemo(
      {
        folder: resolve(positionals[0]!),
        infants: integerOption(options, 'infants') ?? 120,
        seed: integerOption(options, 'seed') ?? 1
      },
      { signal }
    )
    output.result(made, () =>
      fields([
        ['Folder', made.folder],
        ['Infants', made.infants],
        ['Films', made.films],
        ['Table', made.table],
        ['Truth', made.truth],
        ['Wrong labels', made.wrongLabels],
        ['Wrong GA/BW', made.wrongContexts]
      ])
    )
    return EXIT.done
  }
}
