import { spawn, spawnSync } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** One training step, the same on both sides. */
export interface StepCase {
  method: string
  batch: number
  /** Side of the image in pixels. */
  size: number
  /** Where the network is entered; what lies before is not run. */
  entry: 'image' | 'trunk'
  batchNorm: 'frozen' | 'batch'
  /** Prefixes of the names of what learns. */
  trains: string[]
  /** Threads that one operator may use. */
  threads: number
}

/** What one step took inside its process. */
export interface StepTime {
  seconds: number
  /** Of all threads, those included that wait busily. */
  cpuSeconds: number
}

/**
 * A process that makes training steps when told to: its first line on stdout is {"startSeconds": ...}; 'step' on its
 * stdin answers with a StepTime, the end of its stdin with {"peakBytes": ...} (ru_maxrss).
 */
export interface Contestant {
  /** Time to build what a step needs (graph and session; modules), without loading libraries. */
  readonly startSeconds: number
  step(): Promise<StepTime>
  /** Ends the process. @returns its peak resident memory in bytes */
  finish(): Promise<number>
}

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url))

/** The interpreter that has torch and torchvision (Debian: python3-torch, python3-torchvision). */
const PYTHON = process.env.NEOGATE_BENCH_PYTHON ?? '/usr/bin/python3'

export const neogate = (test: StepCase) =>
  startContestant(process.execPath, ['--import', 'tsx', path('neogate-step.ts'), JSON.stringify(test)])

export const torch = (test: StepCase) =>
  startContestant(PYTHON, [path('torch_step.py'), JSON.stringify(test)])

/** torch's version, or null where there is none. */
export function torchVersion(): string | null {
  const { status, stdout } = spawnSync(
    PYTHON,
    ['-c', 'import torch, torchvision; print(torch.__version__)'],
    { encoding: 'utf8' }
  )
  return status === 0 ? stdout.trim() : null
}

async function startContestant(command: string, args: string[]): Promise<Contestant> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  async function answer<Answer>(): Promise<Answer> {
    const { value, done } = await lines.next()
    if (done) throw new Error(`${command} ${args.join(' ')} ended before it answered`)
    return JSON.parse(value as string) as Answer
  }
  return {
    startSeconds: (await answer<{ startSeconds: number }>()).startSeconds,
    step() {
      child.stdin.write('step\n')
      return answer<StepTime>()
    },
    async finish() {
      child.stdin.end()
      return (await answer<{ peakBytes: number }>()).peakBytes
    }
  }
}
