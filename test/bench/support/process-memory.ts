import { readdirSync, readFileSync } from 'node:fs'

/** Memory of one process in bytes. */
export interface ProcessMemory {
  name: string
  /** Resident, memory shared with other processes counted in full. */
  resident: number
  /** Resident, shared memory divided among those that share it: what adds up. */
  proportional: number
}

/** Every process that this one has started, directly or not. Linux only: reads /proc. */
export function descendantMemory(): ProcessMemory[] {
  const parents = new Map<number, number>()
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry)
    const parent = Number.isInteger(pid) ? parentOf(pid) : null
    if (parent !== null) parents.set(pid, parent)
  }
  const isOurs = (pid: number): boolean => {
    const parent = parents.get(pid)
    return parent !== undefined && (parent === process.pid || isOurs(parent))
  }
  return [...parents.keys()].filter(isOurs).flatMap(memoryOf)
}

function parentOf(pid: number): number | null {
  try {
    // The name, in parentheses, may itself hold spaces and parentheses.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return null
  }
}

/** Nothing where the process has ended meanwhile. */
function memoryOf(pid: number): ProcessMemory[] {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    const kilobytes = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1])
    return [
      {
        name: nameOf(readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')),
        resident: kilobytes('Rss') * 1024,
        proportional: kilobytes('Pss') * 1024
      }
    ]
  } catch {
    return []
  }
}

function nameOf(command: readonly string[]): string {
  const type = command.map(argument => /^--type=(.*)$/.exec(argument)?.[1]).find(Boolean)
  if (command.some(argument => argument.includes('chrom'))) return `Chromium ${type ?? 'browser'}`
  if (command.includes('serve')) return 'NeoGate host'
  if (command.some(argument => argument.endsWith('worker.cjs'))) return 'NeoGate child'
  return 'other'
}
