import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { contextHead } from '../../../src/core/ml/explain'
import { float32, toOnnx, type Tensor } from '../../../src/core/ml/graph'
import {
  boundInferenceGraph,
  countParameters,
  modelDefinition,
  modelParameters
} from '../../../src/core/ml/models'
import { createSession } from '../../../src/core/ml/runtime'
import { goldenImage, goldenTensors } from './golden-weights'

interface Golden {
  seed: number
  scale: { gaMeanDays: number; gaSdDays: number; bwMeanGrams: number; bwSdGrams: number }
  cases: {
    name: string
    method: string
    batch: number
    size: number
    context: number[][]
    parameters: { total: number; withoutHead: number }
    torchFloat32Error: number
    outputs: Record<string, { shape: number[]; step: number; sum: number; values: number[] }>
  }[]
}

const golden = JSON.parse(readFileSync(new URL('expected.json', import.meta.url), 'utf8')) as Golden

/** Largest |difference| from the float64 values that PyTorch gave, each output against its own scale. */
const TOLERANCE = 1e-4

/** Weights by method, made once. */
const weightsOf = new Map<string, Map<string, Tensor>>()

describe.each(golden.cases)('$name against PyTorch', example => {
  const definition = modelDefinition(example.method)

  it('has the same number of parameters', () => {
    expect(countParameters(definition)).toEqual(example.parameters)
  })

  it('gives the same logits, probabilities, pooled features and activation maps', async () => {
    const weights = weightsOf.get(example.method) ?? goldenTensors(modelParameters(definition), golden.seed)
    weightsOf.set(example.method, weights)
    const graph = boundInferenceGraph(definition, example, golden.scale, weights)
    const session = await createSession(toOnnx(graph), 'cpu')
    const outputs = await session.run({
      image: goldenImage(example.batch, example.size, golden.seed),
      context: float32([example.batch, 2], example.context.flat())
    })
    await session.close()

    const errors: Record<string, number> = {}
    for (const [name, expected] of Object.entries(example.outputs)) {
      const found = outputs[name]!
      expect(found.shape, name).toEqual(expected.shape)
      errors[name] = largestDifference(found, expected)
    }
    console.info(
      `${example.name}: largest difference from torch float64: ` +
        Object.entries(errors)
          .map(([name, error]) => `${name} ${error.toExponential(1)}`)
          .join(', ') +
        ` (torch float32's own, logits: ${example.torchFloat32Error.toExponential(1)})`
    )
    for (const [name, error] of Object.entries(errors)) expect(error, name).toBeLessThan(TOLERANCE)

    // From the pooled features alone, as predictions follow GA and BW without the backbone.
    const head = contextHead(weights, golden.scale)
    const pooled = outputs.pooled!.data as Float32Array
    const fromPooled = example.context.flatMap(([gaDays, bwGrams], film) => {
      const features = pooled.subarray(film * head.channels, (film + 1) * head.channels)
      return Array.from(head.logits(features, gaDays!, bwGrams!))
    })
    const logits = float32([example.batch, 6], fromPooled)
    expect(largestDifference(logits, example.outputs.logits!)).toBeLessThan(TOLERANCE)
  })
})

function largestDifference(found: Tensor, expected: { step: number; sum: number; values: number[] }): number {
  const data = found.data as Float32Array
  const differences = expected.values.map((value, i) => Math.abs(value - data[i * expected.step]!))
  const sum = data.reduce((total, value) => total + value, 0)
  return Math.max(...differences, Math.abs(sum - expected.sum) / data.length)
}
