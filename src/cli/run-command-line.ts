import { createRouterClient, ORPCError } from '@orpc/server'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { createCore, NEOGATE_VERSION, type Core, type CoreSettings } from '../core/create-core'
import { UsageError, type Command, type CommandCall, type TerminalClient } from './command'
import { commands } from './commands'
import type { ServeLocalhost } from './commands/serve'
import { EXIT } from './exit-codes'
import { commandHelp, overview } from './help'
import { createOutput, printable } from './output'

export interface CommandLineSettings {
  core: Omit<CoreSettings, 'host' | 'shell'>
  serveLocalhost: ServeLocalhost
  stdout: NodeJS.WriteStream
  stderr: NodeJS.WriteStream
  signal: AbortSignal
}

/** @returns the exit code; never throws */
export async function runCommandLine(argv: string[], settings: CommandLineSettings): Promise<number> {
  const { stdout, stderr } = settings
  const all = commands(settings.serveLocalhost)
  if (argv[0] === '--version') {
    stdout.write(`${NEOGATE_VERSION}\n`)
    return EXIT.done
  }
  // The longest name that fits: 'train resume' is not 'train' with an operand.
  const [command] = all
    .filter(({ name }) => startsWithWords(argv, name.split(' ')))
    .sort((a, b) => b.name.length - a.name.length)
  if (!command) {
    const asked = argv[0] === undefined || argv[0] === '--help' || argv[0] === '-h' || argv[0] === 'help'
    if (asked) stdout.write(`${overview(all)}\n`)
    else stderr.write(`neogate: no command '${argv[0]}'.\n\n${overview(all)}\n`)
    return asked && argv[0] !== undefined ? EXIT.done : EXIT.usage
  }
  return runCommand(command, argv.slice(command.name.split(' ').length), settings)
}

async function runCommand(command: Command, argv: string[], settings: CommandLineSettings): Promise<number> {
  const { stdout, stderr, signal } = settings
  let core: Core | null = null
  let json = argv.includes('--json')
  try {
    const { values, positionals } = parse(command, argv)
    if (values.help) {
      stdout.write(`${commandHelp(command)}\n`)
      return EXIT.done
    }
    json = values.json === true
    const [fewest, most] = command.arity
    if (positionals.length < fewest || positionals.length > most) {
      throw new UsageError(`Usage: neogate ${command.name} ${command.operands}`)
    }
    const connect: CommandCall['connect'] = async () => {
      const serving = command.name === 'serve'
      core ??= await createCore({
        ...settings.core,
        host: serving ? 'localhost' : 'cli',
        shell: serving ? 'browser' : 'terminal'
      })
      const client = createRouterClient(core.terminalRouter, { context: {} }) as TerminalClient
      return { client, core }
    }
    const openProject: CommandCall['openProject'] = async () => {
      const { client } = await connect()
      await client.project.open({ folder: resolve(positionals[0]!) })
      return client
    }
    const output = createOutput(json, stdout, stderr)
    return await command.run({ positionals, options: values, output, signal, connect, openProject })
  } catch (error) {
    return report(error as Error, json, settings)
  } finally {
    await (core as Core | null)?.close()
  }
}

function parse(
  command: Command,
  args: string[]
): { values: Record<string, string | boolean | undefined>; positionals: string[] } {
  const options = Object.fromEntries(
    Object.entries(command.options).map(([name, { type }]) => [name, { type }] as const)
  )
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { ...options, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } }
    })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

/** Errors under --json go to stdout as { error: { code, message, data } }, else to stderr as sentences. */
function report(error: Error, json: boolean, { stdout, stderr, signal }: CommandLineSettings): number {
  const usage = error instanceof UsageError
  const code = usage ? 'USAGE' : error instanceof ORPCError ? String(error.code) : 'INTERNAL'
  const data =
    (error instanceof ORPCError ? (error.data as Record<string, string> | undefined) : undefined) ?? {}
  if (json) stdout.write(`${JSON.stringify({ error: { code, message: error.message, data } }, null, 2)}\n`)
  else {
    stderr.write(`neogate: ${printable(error.message)}\n`)
    if (data.field) stderr.write(`  Field: ${printable(data.field)}\n`)
    if (data.remedy) stderr.write(`  ${printable(data.remedy)}\n`)
    if (usage) stderr.write(`  'neogate --help' lists the commands; each has --help.\n`)
  }
  if (usage) return EXIT.usage
  return signal.aborted || code === 'CANCELLED' ? EXIT.cancelled : EXIT.failed
}

function startsWithWords(argv: string[], words: string[]): boolean {
  return words.every((word, i) => argv[i] === word)
}
