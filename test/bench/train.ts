/**
 * Training against PyTorch on this machine's processor, the two in turn, each in a process of its own: time and peak
 * memory of a step, an epoch of gate + head on cached vectors, start-up.
 *
 *   npm run bench -- train [--rounds N] [--threads N] [--only steps|head|methods|grow] [--methods] [--grow]
 *
 * --methods adds one step of each method of the paper, --grow how time and memory grow with image size and batch. A
 * Python with torch is looked for at /usr/bin/python3 or NEOGATE_BENCH_PYTHON. `CPU` is the ratio of processor time,
 * which a busy machine sways less than the time on the clock; compare it with --threads 1, where nobody waits busily.
 */
import { execFile } from 'node:child_process'
import { availableParallelism, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import {
  neogate,
  torch,
  torchVersion,
  type Contestant,
  type StepCase,
  type StepTime
} from './train/contestant'
import { median, timesFaster } from './support/measure'

const { values: given } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    threads: { type: 'string', default: '2' },
    only: { type: 'string' },
    methods: { type: 'boolean', default: false },
    grow: { type: 'boolean', default: false }
  }
})
const rounds = Number(given.rounds)
const wanted = (part: string, byDefault: boolean) => (given.only ? given.only === part : byDefault)

const EVERYTHING: StepCase = {
  method: 'ccgn',
  batch: 4,
  size: 224,
  entry: 'image',
  batchNorm: 'batch',
  trains: [''],
  threads: Number(given.threads)
}
const LAST_STAGE: Partial<StepCase> = {
  entry: 'trunk',
  batchNorm: 'frozen',
  trains: ['layer4.', 'gate.', 'fc.']
}
const PAPER = [
  'resnet50',
  'convnext-tiny',
  'swin-t',
  'early-fusion',
  'late-fusion',
  'se-resnet50',
  'cbam-resnet50',
  'ccgn'
]

const version = torchVersion()
const load = () => loadavg()[0]!.toFixed(1)
console.log(
  `${availableParallelism()} cores, ${given.threads} threads, medians of ${rounds} rounds after one for warming up, ` +
    `load ${load()} at first\nreference: ${version ? `PyTorch ${version}` : 'SKIPPED, no torch in this Python'}`
)

/** Steps of both sides in turn; the first of each is not counted. */
async function contest(test: StepCase) {
  const sides: Contestant[] = [await neogate(test)]
  if (version) sides.push(await torch(test))
  const times: StepTime[][] = sides.map(() => [])
  for (let round = 0; round <= rounds; round++) {
    for (let i = 0; i < sides.length; i++) {
      const side = (i + round) % sides.length
      const time = await sides[side]!.step()
      if (round > 0) times[side]!.push(time)
    }
  }
  const peaks: number[] = []
  for (const side of sides) peaks.push(await side.finish())
  return { times, peaks, start: sides[0]!.startSeconds }
}

const COLUMNS = [42, 11, 9, 7, 7, 12, 9, 7, 9]
const row = (cells: string[]) =>
  console.log(
    cells.map((cell, i) => (i === 0 ? cell.padEnd(COLUMNS[i]!) : cell.padStart(COLUMNS[i]!))).join('')
  )

async function stepTable(cases: Record<string, StepCase>) {
  row(['step', 'NeoGate s', 'torch s', 'ratio', 'CPU', 'NeoGate MB', 'torch MB', 'ratio', 'start s'])
  for (const [name, test] of Object.entries(cases)) {
    const { times, peaks, start } = await contest(test)
    const seconds = times.map(side => side.map(time => time.seconds))
    const cpu = times.map(side => side.map(time => time.cpuSeconds))
    const [own, other] = seconds as [number[], number[] | undefined]
    const megabytes = peaks.map(peak => (peak / 1e6).toFixed(0))
    row([
      name,
      median(own).toFixed(2),
      other ? median(other).toFixed(2) : '-',
      other ? timesFaster(other, own).toFixed(2) : '-',
      other ? timesFaster(cpu[1]!, cpu[0]!).toFixed(2) : '-',
      megabytes[0]!,
      megabytes[1] ?? '-',
      peaks[1] ? (peaks[0]! / peaks[1]).toFixed(2) : '-',
      start.toFixed(2)
    ])
  }
}

async function headEpoch() {
  const file = fileURLToPath(new URL('./train/head-epoch.ts', import.meta.url))
  const runs: {
    films: number
    epochSeconds: number
    cpuSeconds: number
    bytes: number
    copySeconds: number
  }[] = []
  for (let round = 0; round < Math.min(rounds, 3); round++) {
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', file])
    runs.push(JSON.parse(stdout) as (typeof runs)[number])
  }
  const { films, bytes } = runs[0]!
  const seconds = median(runs.map(run => run.epochSeconds))
  const cpu = median(runs.map(run => run.cpuSeconds))
  const share = median(runs.map(run => run.copySeconds / run.epochSeconds))
  const bandwidth = bytes / median(runs.map(run => run.copySeconds)) / 1e9
  console.log(
    `gate + head, ${films} pooled vectors, steps of 32: ${seconds.toFixed(2)} s an epoch (limit 2 s), ${cpu.toFixed(2)} s of processor; ` +
      `${(100 * share).toFixed(1)} % of a plain copy's ${bandwidth.toFixed(1)} GB/s`
  )
}

if (wanted('steps', true)) {
  await stepTable({
    'everything, batch statistics, 4 x 224': EVERYTHING,
    'everything, frozen batch-norm, 4 x 224': { ...EVERYTHING, batchNorm: 'frozen' },
    'everything, batch statistics, 4 x 512': { ...EVERYTHING, size: 512 },
    'everything, frozen batch-norm, 4 x 512': { ...EVERYTHING, size: 512, batchNorm: 'frozen' },
    'last stage on cached C4, 8 x 512': { ...EVERYTHING, ...LAST_STAGE, batch: 8, size: 512 }
  })
}
if (wanted('head', true)) await headEpoch()
if (wanted('methods', given.methods)) {
  await stepTable(Object.fromEntries(PAPER.map(method => [`${method}, 4 x 224`, { ...EVERYTHING, method }])))
}
if (wanted('grow', given.grow)) {
  const bySize = [128, 224, 320, 416, 512].map(size => [`4 x ${size}`, { ...EVERYTHING, size }] as const)
  const byBatch = [1, 2, 8, 16].map(batch => [`${batch} x 224`, { ...EVERYTHING, batch }] as const)
  await stepTable(Object.fromEntries([...bySize, ...byBatch]))
}
console.log(`load ${load()} at last`)
