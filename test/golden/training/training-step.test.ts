import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { float32, toOnnx, validateGraph, type Tensor } from '../../../src/core/ml/graph'
import { modelDefinition } from '../../../src/core/ml/models'
import { PAPER_ADAM } from '../../../src/core/ml/optimizers'
import { createSession } from '../../../src/core/ml/runtime'
import {
  adamScalars,
  gradientName,
  momentName,
  nextName,
  squareName,
  trainingStep,
  type TrainingStepOptions
} from '../../../src/core/ml/training-step'
import { goldenImage, goldenTensors, goldenUniform } from '../model/golden-weights'

interface Thinned {
  step: number
  values: number[]
}

interface Case {
  name: string
  trains: string[]
  batchNorm: 'frozen' | 'batch'
  labelSmoothing: number
  decoupled: boolean
  losses: number[]
  gradients: Record<string, Thinned>
  gradientScale: Record<string, number>
  after: Record<string, Thinned>
  afterScale: Record<string, number>
  torchFloat32: { loss: number; gradients: number; after: number }
}

const golden = JSON.parse(readFileSync(new URL('./expected.json', import.meta.url), 'utf8')) as {
  madeBy: string
  method: string
  batch: number
  size: number
  labels: number[]
  classWeights: number[]
  learningRate: number
  weightDecay: number
  cases: Case[]
}
const SEED = 20251
const definition = modelDefinition(golden.method)

function feedsFor(
  parameters: readonly Parameters<typeof goldenTensors>[0][number][]
): Record<string, Tensor> {
  const targets = new Float32Array(golden.batch * 6)
  golden.labels.forEach((label, film) => (targets[film * 6 + label] = 1))
  return {
    input: goldenImage(golden.batch, golden.size, SEED),
    context: goldenUniform('context', [golden.batch, 2], SEED, -1.5, 1.5),
    targets: float32([golden.batch, 6], targets),
    classWeights: float32([6], golden.classWeights),
    normaliser: float32([], [golden.labels.reduce((sum, label) => sum + golden.classWeights[label]!, 0)]),
    ...Object.fromEntries(goldenTensors(parameters, SEED))
  }
}

/** Largest |difference| from the golden values over the tensor's scale, over all tensors. */
function worst(
  expected: Record<string, Thinned>,
  scales: Record<string, number>,
  found: (name: string) => Tensor
) {
  let largest = 0
  for (const [name, { step, values }] of Object.entries(expected)) {
    const { data } = found(name)
    values.forEach((value, index) => {
      largest = Math.max(
        largest,
        Math.abs(Number(data[index * step]) - value) / Math.max(scales[name]!, 1e-12)
      )
    })
  }
  return largest
}

describe(`training step against PyTorch (${golden.madeBy})`, () => {
  for (const test of golden.cases) {
    const options: Omit<TrainingStepOptions, 'optimizer'> = {
      entry: 'image',
      batch: golden.batch,
      size: golden.size,
      trains: name => test.trains.some(prefix => name.startsWith(prefix)),
      batchNorm: test.batchNorm,
      labelSmoothing: test.labelSmoothing
    }

    it(`${test.name}: gradients`, async () => {
      const { graph, trained } = trainingStep(definition, { ...options, optimizer: null })
      validateGraph(graph)
      expect(trained.map(({ name }) => name).sort()).toEqual(Object.keys(test.gradients).sort())
      const session = await createSession(toOnnx(graph), 'cpu')
      const outputs = await session.run(feedsFor(graph.parameters))
      await session.close()
      const error = worst(test.gradients, test.gradientScale, name => outputs[gradientName(name)]!)
      console.log(
        `${test.name}: gradient error ${error.toExponential(1)}, torch float32 ${test.torchFloat32.gradients.toExponential(1)}`
      )
      expect(error).toBeLessThan(Math.max(2 * test.torchFloat32.gradients, 2e-6))
    })

    // With batch statistics rounding flips ReLUs, and Adam makes a full step of the smallest gradient's sign: torch in
    // float32 and torch in float64 part in the same way, only at other weights.
    const slack = test.batchNorm === 'batch' ? 10 : 2

    it(`${test.name}: five Adam steps in the graph`, async () => {
      const optimizer = { ...PAPER_ADAM, weightDecay: golden.weightDecay, decoupled: test.decoupled }
      const { graph, trained, renewed } = trainingStep(definition, { ...options, optimizer })
      validateGraph(graph)
      const session = await createSession(toOnnx(graph), 'cpu')
      const feeds = feedsFor(graph.parameters)
      for (const { name, shape } of trained) {
        const zeros = () => float32(shape, new Float32Array(shape.reduce((a, b) => a * b, 1)))
        feeds[momentName(name)] = zeros()
        feeds[squareName(name)] = zeros()
      }
      const carried = [
        ...trained.flatMap(({ name }) => [name, momentName(name), squareName(name)]),
        ...renewed
      ]
      let lossError = 0
      for (const [index, loss] of test.losses.entries()) {
        const outputs = await session.run({
          ...feeds,
          ...adamScalars(optimizer, golden.learningRate, index + 1)
        })
        lossError = Math.max(lossError, Math.abs(Number(outputs.loss!.data[0]) - loss) / loss)
        for (const name of carried) feeds[name] = outputs[nextName(name)]!
      }
      await session.close()
      const error = worst(test.after, test.afterScale, name => feeds[name]!)
      console.log(
        `${test.name}: loss error ${lossError.toExponential(1)} (torch float32 ${test.torchFloat32.loss.toExponential(1)}), ` +
          `parameters ${error.toExponential(1)} (${test.torchFloat32.after.toExponential(1)})`
      )
      expect(lossError).toBeLessThan(Math.max(2 * test.torchFloat32.loss, 2e-6))
      expect(error).toBeLessThan(Math.max(slack * test.torchFloat32.after, 2e-6))
    })
  }
})
