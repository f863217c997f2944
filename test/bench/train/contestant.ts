import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** One training step, the same on both sides. */
export interface StepCase {
  method: string
  batch: number
  /** Side of the image in pixels. */
  size: number
  /** Where the network is entered; what lies before is not run. */
  entry: 'image' | 'trunk' | 'pooled'
  batchNorm: 'frozen' | 'batch'
  /** Prefixes of the names of what learns. */
  trains: string[]
}

/**
 * A process that makes training steps when told to: 'step' on its stdin answers with {"seconds": ...}, its first answer
 * with {"startSeconds": ...}, the end of its stdin with {"peakBytes": ...} (ru_maxrss).
 */
export interface Contestant {
  /** Time to build what a step needs (graph and session; modules), without loading libraries. */
  readonly startSeconds: number
  /** @returns seconds that the step took inside the process */
  step(): Promise<number>
  /** Ends the process. @returns its peak resident memory in bytes */
  finish(): Promise<number>
}

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url))

export const neogate = (test: StepCase) =>
  startContestant(process.execPath, ['--import', 'tsx', path('neogate-step.ts'), JSON.stringify(test)])

export const torch = (test: StepCase) =>
  startContestant(PYTHON, [path('torch_step.py'), JSON.stringify(test)])

/** The interpreter that has torch and torchvision (Debian: python3-torch, python3-torchvision). */
export const PYTHON = process.env.NEOGATE_BENCH_PYTHON ?? '/usr/bin/python3'

async function startContestant(command: string, args: string[]): Promise<Contestant> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  async function answer<Field extends string>(field: Field): Promise<number> {
    const { value, done } = await lines.next()
    if (done) throw new Error(`${command} ${args.at(0)} ended before it answered`)
    return (JSON.parse(value as string) as Record<Field, number>)[field]
  }
  return {
    startSeconds: await answer('startSeconds'),
    step() {
      child.stdin.write('step\n')
      return answer('seconds')
    },
    finish() {
      child.stdin.end()
      return answer('peakBytes')
    }
  }
}
