import { execFile, spawnSync } from 'node:child_process'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createChildPool, forkChild, type ChildPool } from '../../../src/core/foundation'

const execute = promisify(execFile)

export const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!

/** The value that `share` of the values do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]!
}

/** @returns seconds */
export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

/**
 * Runs each of the works once per round, each being first in its turn, since a shared machine's speed drifts.
 * @returns seconds per work and round
 */
export async function inTurn<Name extends string>(
  works: Record<Name, () => unknown>,
  rounds: number
): Promise<Record<Name, number[]>> {
  const names = Object.keys(works) as Name[]
  const seconds = Object.fromEntries(names.map(name => [name, [] as number[]])) as Record<Name, number[]>
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + round) % names.length]!
      seconds[name].push(await timed(works[name]))
    }
  }
  return seconds
}

/** Median, over the rounds, of how many times as long `other` took. */
export const timesFaster = (own: readonly number[], other: readonly number[]) =>
  median(other.map((seconds, round) => seconds / own[round]!))

/** Says so where the tool is missing. */
export function hasTool(tool: string): boolean {
  const found = !spawnSync(tool, ['--version']).error
  if (!found) console.log(`SKIPPED: ${tool} is not installed`)
  return found
}

/**
 * Standard output of a command.
 * @throws where it fails
 */
export async function command(tool: string, args: readonly string[]): Promise<string> {
  const { stdout } = await execute(tool, args, { maxBuffer: 2 ** 28 })
  return stdout
}

/** Children of role 'film', as the product has them. */
export function filmChildren(size: number): ChildPool {
  const entry = fileURLToPath(new URL('../../../src/core/services/worker-entry.ts', import.meta.url))
  return createChildPool({
    spawn: forkChild(entry, ['--import', 'tsx']),
    role: 'film',
    size,
    timeoutMs: 120_000
  })
}
