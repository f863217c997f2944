/** NeoGate's side of a contest: makes one training step per line on stdin, as the trainer does. See contestant.ts. */
import { performance } from 'node:perf_hooks'
import { createInterface } from 'node:readline'
import { elementCount, float32, toOnnx, type Shape } from '../../../src/core/ml/graph'
import { modelDefinition } from '../../../src/core/ml/models'
import { adamOnHost, PAPER_ADAM } from '../../../src/core/ml/optimizers'
import { createSession } from '../../../src/core/ml/runtime'
import { gradientName, nextName, trainingStep } from '../../../src/core/ml/training-step'
import { freshTensors } from '../../../src/core/ml/weights'
import type { StepCase } from './contestant'

const test = JSON.parse(process.argv[2]!) as StepCase
const { batch, size, entry, batchNorm } = test
const definition = modelDefinition(test.method)
const answer = (value: object) => console.log(JSON.stringify(value))
const wave = (shape: Shape) =>
  float32(
    shape,
    Float32Array.from({ length: elementCount(shape) }, (_, i) => Math.sin(i * 0.37))
  )

const start = performance.now()
const { graph, trained, renewed } = trainingStep(definition, {
  entry,
  batch,
  size,
  batchNorm,
  trains: name => test.trains.some(prefix => name.startsWith(prefix)),
  labelSmoothing: 0,
  optimizer: null
})
const session = await createSession(toOnnx(graph), 'cpu', { backward: true, threads: test.threads })
answer({ startSeconds: (performance.now() - start) / 1000 })

const weights = freshTensors(graph.parameters, 1)
const state = trained.map(({ name, shape }) => ({
  name,
  parameter: weights.get(name)!.data as Float32Array,
  mean: new Float32Array(elementCount(shape)),
  square: new Float32Array(elementCount(shape))
}))
const { classes } = definition
const targets = new Float32Array(batch * classes)
for (let film = 0; film < batch; film++) targets[film * classes + (film % classes)] = 1
const feeds = {
  input: wave(graph.inputs.find(({ name }) => name === 'input')!.shape),
  context: wave([batch, 2]),
  targets: float32([batch, classes], targets),
  classWeights: float32([classes], new Float32Array(classes).fill(1)),
  normaliser: float32([], [batch])
}

let step = 0
for await (const line of createInterface({ input: process.stdin })) {
  if (line !== 'step') throw new Error(`unknown command: ${line}`)
  const begin = performance.now()
  const beginCpu = process.cpuUsage()
  const outputs = await session.run({ ...feeds, ...Object.fromEntries(weights) })
  step++
  for (const { name, ...tensors } of state) {
    adamOnHost(tensors, outputs[gradientName(name)]!.data as Float32Array, 1e-4, step, PAPER_ADAM)
  }
  for (const name of renewed) weights.set(name, outputs[nextName(name)]!)
  const { user, system } = process.cpuUsage(beginCpu)
  answer({ seconds: (performance.now() - begin) / 1000, cpuSeconds: (user + system) / 1e6 })
}
answer({ peakBytes: process.resourceUsage().maxRSS * 1024 })
