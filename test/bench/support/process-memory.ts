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
        name: nameOf(readFileSync(`/proc/${pid}/cmdline`, 'utf8')),
        resident: kilobytes('Rss') * 1024,
        proportional: kilobytes('Pss') * 1024
      }
    ]
  } catch {
    return []
  }
}

/** @param command words parted by NUL, or by spaces where the process has rewritten them as Chromium's children do */
function nameOf(command: string): string {
  const words = command.split(/[\0 ]/)
  const type = /--type=([\w-]+)/.exec(command)?.[1]
  if (words[0]!.includes('chrom')) return `Chromium ${type ?? 'browser'}`
  if (words.includes('serve')) return 'NeoGate host'
  return words.some(word => word.endsWith('worker.cjs')) ? 'NeoGate child' : 'other'
}
