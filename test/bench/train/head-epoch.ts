/**
 * One epoch of gate + head on cached pooled vectors, by the trainer as the product runs it. Prints one line of JSON:
 * seconds of the epoch (validation left out), processor seconds of all threads, and seconds of one pass over the
 * vectors by plain copying (the machine's memory bandwidth as this process sees it).
 *
 *   node --import tsx test/bench/train/head-epoch.ts [FILMS]
 */
import { performance } from 'node:perf_hooks'
import { modelDefinition, modelParameters } from '../../../src/core/ml/models'
import { PAPER_ADAM } from '../../../src/core/ml/optimizers'
import { startingState, train, type TrainingOptions, type TrainingSet } from '../../../src/core/ml/trainer'
import { freshTensors } from '../../../src/core/ml/weights'

const films = Number(process.argv[2] ?? 43_338)
const CHANNELS = 2048
const FILMS_PER_STEP = 32

const definition = modelDefinition('ccgn')
const parameters = modelParameters(definition)
const trains = (name: string) => name.startsWith('gate.') || name.startsWith('fc.')

const pooled = new Float32Array(films * CHANNELS)
for (let i = 0; i < pooled.length; i++) pooled[i] = ((i * 2654435761) >>> 0) / 2 ** 32
const vectors = (count: number): TrainingSet => ({
  count,
  entry: 'pooled',
  label: film => film % definition.classes,
  context: film => [Math.sin(film), Math.cos(film)],
  read: film => Promise.resolve(pooled.subarray(film * CHANNELS, (film + 1) * CHANNELS))
})

const options: TrainingOptions = {
  size: definition.defaultSize,
  filmsPerStep: FILMS_PER_STEP,
  batch: FILMS_PER_STEP,
  epochs: 1,
  patience: null,
  schedule: { peak: 1e-4, warmUpSteps: 0, cosineSteps: null },
  optimizer: PAPER_ADAM,
  clipNorm: null,
  trains,
  layerDecay: 1,
  batchNorm: 'frozen',
  labelSmoothing: 0,
  distillation: 0,
  classWeights: Array<number>(definition.classes).fill(1),
  augmentation: null,
  seed: 1,
  provider: 'cpu'
}
const state = startingState(
  freshTensors(parameters, 1),
  parameters.filter(({ kind, name }) => kind === 'weight' && trains(name))
)
let begin = 0
let steps = 0
let seconds = 0
let beginCpu = process.cpuUsage()
let cpuSeconds = 0
for await (const event of train(definition, state, vectors(films), vectors(FILMS_PER_STEP), options)) {
  if (event.type !== 'step') break
  // The first step also makes the sessions.
  if (steps++ === 0) {
    begin = performance.now()
    beginCpu = process.cpuUsage()
  }
  seconds = (performance.now() - begin) / 1000
  if (steps === event.stepsPerEpoch) {
    const { user, system } = process.cpuUsage(beginCpu)
    cpuSeconds = (user + system) / 1e6
  }
}
const epochSeconds = (seconds * steps) / (steps - 1)

const target = new Float32Array(pooled.length)
const copies = Array.from({ length: 5 }, () => {
  const start = performance.now()
  target.set(pooled)
  return (performance.now() - start) / 1000
})
console.log(
  JSON.stringify({
    films,
    steps,
    epochSeconds,
    cpuSeconds,
    bytes: pooled.byteLength,
    copySeconds: Math.min(...copies)
  })
)
