import type { ContractRouterClient } from '@orpc/contract'
import type { TerminalContract } from '../contract'
import type { Core } from '../core/create-core'
import type { Output } from './output'

/** Calls the core in this process, validated by the contract like any other host's. */
export type TerminalClient = ContractRouterClient<TerminalContract>

export interface OptionSpec {
  type: 'string' | 'boolean'
  /** Shown in --help; for strings begins with the placeholder in capitals. */
  help: string
}

export interface CommandCall {
  positionals: string[]
  options: Record<string, string | boolean | undefined>
  output: Output
  /** Aborted by SIGINT and SIGTERM. */
  signal: AbortSignal
  /** Makes the core on first use; it is closed after the command. */
  connect(): Promise<{ client: TerminalClient; core: Core }>
  /** Connects and opens the project in the folder that the first operand names. */
  openProject(): Promise<TerminalClient>
}

export interface Command {
  /** Words on the command line: 'model new'. */
  name: string
  summary: string
  /** What follows the name: 'PROJECT FOLDER'. */
  operands: string
  /** Fewest and most operands. */
  arity: [number, number]
  options: Record<string, OptionSpec>
  /** More for --help: examples, formats. */
  notes?: string
  /** @returns one of EXIT */
  run(call: CommandCall): Promise<number>
}

/** The command line is wrong: message for stderr, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
