import type { Command, OptionSpec } from './command'
import { EXIT_HELP } from './exit-codes'

const COMMON = {
  json: { type: 'boolean' as const, help: 'print the result as JSON on stdout' },
  help: { type: 'boolean' as const, help: 'print this' }
}

export function overview(commands: Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length))
  return [
    'neogate: newborn chest films, clinical context and labels, on this machine.',
    'Research use only. Not for diagnosis.',
    '',
    'Usage: neogate COMMAND ...   (neogate COMMAND --help tells more)',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    EXIT_HELP
  ].join('\n')
}

export function commandHelp(command: Command): string {
  const options = { ...command.options, ...COMMON }
  const rows = Object.entries<OptionSpec>(options).map(([name, { type, help }]) => {
    const [first, ...rest] = help.split(' ')
    const placeholder = first!.replace(/[,:]$/, '')
    return type === 'string' ? [`--${name} ${placeholder}`, rest.join(' ')] : [`--${name}`, help]
  })
  const width = Math.max(...rows.map(([left]) => left!.length))
  return [
    `Usage: neogate ${command.name} ${command.operands} [options]`,
    '',
    command.summary,
    ...(command.notes ? ['', command.notes] : []),
    '',
    'Options:',
    ...rows.map(([left, right]) => `  ${left!.padEnd(width)}  ${right}`),
    '',
    EXIT_HELP,
    '',
    'Research use only. Not for diagnosis.'
  ].join('\n')
}
