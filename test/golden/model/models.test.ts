import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { contextHead, softmaxOf } from '../../../src/core/ml/explain'
import { float32, toOnnx, type Tensor } from '../../../src/core/ml/graph'
import {
  boundInferenceGraph,
  countParameters,
  headGraph,
  METHODS,
  modelDefinition,
  modelParameters
} from '../../../src/core/ml/models'
import { createSession } from '../../../src/core/ml/runtime'
import { goldenImage, goldenTensors } from './golden-weights'

interface Thinned {
  shape: number[]
  step: number
  sum: number
  values: number[]
}

interface Golden {
  madeBy: string
  seed: number
  scale: { gaMeanDays: number; gaSdDays: number; bwMeanGrams: number; bwSdGrams: number }
  cases: {
    method: string
    batch: number
    size: number
    context: number[][]
    names: string
    parameters: { total: number; withoutHead: number }
    torchFloat32Error: number
    outputs: Record<string, Thinned>
  }[]
}

const golden = JSON.parse(readFileSync(new URL('expected.json', import.meta.url), 'utf8')) as Golden

/** Largest |difference| of any value from what PyTorch gave in float64. */
const TOLERANCE = 1e-4

it('has golden values for every method, or for its small form', () => {
  const covered = new Set(golden.cases.map(({ method }) => method))
  expect(METHODS.filter(method => !covered.has(method) && !covered.has(`${method}-small`))).toEqual(
    // Each of these is the same code as the method it is named after.
    ['resnet50', 'early-fusion', 'late-fusion', 'se-resnet50', 'cbam-resnet50'].map(name => `${name}-small`)
  )
})

describe.each(golden.cases)(`$method at $size pixels against PyTorch`, example => {
  const { method, batch, size } = example
  const definition = modelDefinition(method)
  const parameters = modelParameters(definition)

  it('has the same tensors', () => {
    expect(countParameters(definition)).toEqual(example.parameters)
    const lines = parameters.map(({ name, shape }) => `${name}: ${shape.join(' x ')}`).sort()
    expect(createHash('sha256').update(lines.join('\n')).digest('hex')).toBe(example.names)
  })

  it('gives the same logits, pooled features and activation maps', async () => {
    const weights = goldenTensors(parameters, golden.seed)
    const graph = boundInferenceGraph(definition, { batch, size }, golden.scale, weights)
    const session = await createSession(toOnnx(graph), 'cpu')
    const outputs = await session.run({
      image: goldenImage(batch, size, golden.seed),
      context: float32([batch, 2], example.context.flat())
    })
    await session.close()

    const { probabilities, ...compared } = outputs
    expect(Object.keys(compared).sort()).toEqual(Object.keys(example.outputs).sort())
    const errors = Object.entries(example.outputs).map(([name, expected]) => {
      expect(outputs[name]!.shape, name).toEqual(expected.shape)
      return [name, largestDifference(outputs[name]!, expected)] as const
    })
    console.info(
      `${method} at ${size}: largest difference from torch float64: ` +
        errors.map(([name, error]) => `${name} ${error.toExponential(1)}`).join(', ') +
        ` (torch float32's own, logits: ${example.torchFloat32Error.toExponential(1)})`
    )
    for (const [name, error] of errors) expect(error, name).toBeLessThan(TOLERANCE)

    for (const film of example.context.keys()) {
      const logits = rowOf(outputs.logits!, film)
      softmaxOf(logits).forEach((p, k) => expect(rowOf(probabilities!, film)[k]).toBeCloseTo(p, 5))
    }
  })

  it.runIf(definition.context !== 'backbone')(
    'gives the same logits from pooled features alone',
    async () => {
      const weights = goldenTensors(parameters, golden.seed)
      const graph = headGraph(definition)
      const head = contextHead(graph, weights, golden.scale)
      const session = await createSession(toOnnx(graph), 'cpu')
      const pooled = Float32Array.from({ length: head.channels }, (_, i) => Math.abs(Math.sin(i)))
      const [ga, bw] = example.context[0] as [number, number]
      const { gaMeanDays, gaSdDays, bwMeanGrams, bwSdGrams } = golden.scale
      const outputs = await session.run({
        pooled: float32([1, head.channels], pooled),
        context: float32([1, 2], [(ga - gaMeanDays) / gaSdDays, (bw - bwMeanGrams) / bwSdGrams]),
        ...Object.fromEntries(graph.parameters.map(({ name }) => [name, weights.get(name)!]))
      })
      await session.close()
      const scaleOf = (values: Float32Array) =>
        values.reduce((most, value) => Math.max(most, Math.abs(value)), 1)
      const near = (found: Float32Array, expected: Float32Array) =>
        found.forEach((value, i) =>
          expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-6 * scaleOf(expected))
        )
      near(head.logits(pooled, ga, bw), rowOf(outputs.logits!, 0))
      const gate = head.gate(ga, bw)
      expect(gate === null).toBe(outputs.gate === undefined)
      if (gate) near(gate, rowOf(outputs.gate!, 0))
    }
  )
})

function rowOf({ data, shape }: Tensor, row: number): Float32Array {
  return (data as Float32Array).subarray(row * shape[1]!, (row + 1) * shape[1]!)
}

function largestDifference(found: Tensor, expected: Thinned): number {
  const data = found.data as Float32Array
  const differences = expected.values.map((value, i) => Math.abs(value - data[i * expected.step]!))
  const sum = data.reduce((total, value) => total + value, 0)
  return Math.max(...differences, Math.abs(sum - expected.sum) / data.length)
}
