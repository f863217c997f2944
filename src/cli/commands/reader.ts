import { READER_ROLES, readerRole } from '../../contract'
import { UsageError, type Command } from '../command'
import { EXIT } from '../exit-codes'
import { fields, table } from '../output'
import { listOption } from './queue'

export const readerListCommand: Command = {
  name: 'reader list',
  summary: 'List the readers of a project with their roles.',
  operands: 'PROJECT',
  arity: [1, 1],
  options: {},
  async run({ output, openProject }) {
    const client = await openProject()
    const found = await client.readers.list()
    const { current } = found
    output.result(found, () =>
      [
        found.readers.length === 0
          ? 'No readers registered: everybody may do everything.'
          : table(
              ['NAME', 'ROLES', 'ACTIVE', 'SINCE'],
              found.readers.map(reader => [
                reader.name,
                reader.roles.join(', '),
                reader.active ? 'yes' : 'no',
                reader.createdAt
              ])
            ),
        fields([
          ['You sign as', current.name],
          ['Your roles', current.roles.join(', ') || 'none']
        ])
      ].join('\n\n')
    )
    return EXIT.done
  }
}

export const readerSaveCommand: Command = {
  name: 'reader save',
  summary: 'Add a reader to a project, or change the roles of one.',
  operands: 'PROJECT NAME',
  arity: [2, 2],
  options: {
    roles: { type: 'string', help: `LIST of ${READER_ROLES.join(', ')} (default reader)` },
    inactive: { type: 'boolean', help: 'the reader no longer takes part; what was read stays' }
  },
  notes: 'The first reader must be an admin; after that only an admin may change readers.',
  async run({ positionals, options, output, openProject }) {
    const roles = readerRole
      .array()
      .safeParse(options.roles === undefined ? ['reader'] : listOption(options.roles))
    if (!roles.success) throw new UsageError(`--roles takes ${READER_ROLES.join(', ')}.`)
    const client = await openProject()
    const saved = await client.readers.save({
      name: positionals[1]!,
      roles: roles.data,
      active: options.inactive !== true
    })
    output.result(saved, () => `${saved.name}: ${saved.roles.join(', ')}${saved.active ? '' : ' (inactive)'}`)
    return EXIT.done
  }
}
