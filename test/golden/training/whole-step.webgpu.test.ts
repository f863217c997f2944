import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../src/core/foundation'
import { elementCount, float32, toOnnx, type Tensor } from '../../../src/core/ml/graph'
import { modelDefinition } from '../../../src/core/ml/models'
import { PAPER_ADAM } from '../../../src/core/ml/optimizers'
import { createSession, type Provider } from '../../../src/core/ml/runtime'
import { freshTensors } from '../../../src/core/ml/weights'
import {
  adamScalars,
  momentName,
  nextName,
  squareName,
  trainingStep
} from '../../../src/core/ml/training-step'

const BATCH = 2
const SIZE = 32

describe('a whole training step, Adam included, on WebGPU without the help of the CPU', () => {
  it.each(['batch', 'frozen'] as const)(
    'gives what the CPU gives, batch-norm: %s',
    async batchNorm => {
      const { graph, trained, renewed } = trainingStep(modelDefinition('ccgn-small'), {
        entry: 'image',
        batch: BATCH,
        size: SIZE,
        trains: () => true,
        batchNorm,
        labelSmoothing: 0.1,
        optimizer: PAPER_ADAM
      })
      const random = createRandom(7, 'webgpu')
      const noise = (shape: readonly number[]) =>
        float32(
          shape,
          Float32Array.from({ length: elementCount(shape) }, () => random.between(-1, 1))
        )
      const constant = (shape: readonly number[], value: number) =>
        float32(shape, new Float32Array(elementCount(shape)).fill(value))
      const targets = constant([BATCH, 6], 0)
      for (let film = 0; film < BATCH; film++) targets.data[film * 6 + film] = 1
      const feeds: Record<string, Tensor> = {
        input: noise([BATCH, 3, SIZE, SIZE]),
        context: noise([BATCH, 2]),
        targets,
        classWeights: constant([6], 1),
        normaliser: float32([], [BATCH]),
        ...adamScalars(PAPER_ADAM, 1e-4, 10),
        ...Object.fromEntries(freshTensors(graph.parameters, 1))
      }
      for (const { name, shape } of trained) {
        // As after some steps, so that the first of them is not just the gradient's sign.
        feeds[momentName(name)] = constant(shape, 1e-3)
        feeds[squareName(name)] = constant(shape, 1e-2)
      }
      const run = async (provider: Provider) => {
        const session = await createSession(toOnnx(graph), provider, { cpuFallback: provider === 'cpu' })
        try {
          return await session.run(feeds)
        } finally {
          await session.close()
        }
      }
      const expected = await run('cpu')
      const found = await run('webgpu')
      expect(found.loss!.data[0]).toBeCloseTo(Number(expected.loss!.data[0]), 4)
      const kept = trained.flatMap(({ name }) => [name, momentName(name), squareName(name)])
      for (const name of [...kept, ...renewed].map(nextName)) {
        const values = expected[name]!.data as Float32Array
        const scale = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-6)
        const error = values.reduce(
          (largest, value, i) => Math.max(largest, Math.abs(value - Number(found[name]!.data[i]))),
          0
        )
        expect(error / scale, name).toBeLessThan(1e-3)
      }
    },
    600_000
  )
})
