import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  adaptiveScores,
  channelEffects,
  conformalThreshold,
  ensembleAnswer,
  featureGraph,
  imageGradientGraph,
  inspectGate,
  rankCorrelation,
  weightedMap
} from '../../../src/core/ml/explain'
import { bindParameters, float32, toOnnx, type Tensor } from '../../../src/core/ml/graph'
import { modelDefinition, modelParameters } from '../../../src/core/ml/models'
import { createSession } from '../../../src/core/ml/runtime'
import { goldenImage, goldenTensors } from '../model/golden-weights'

interface Thinned {
  shape: number[]
  step: number
  sum: number
  absolute: number
  values: number[]
}

const golden = JSON.parse(readFileSync(new URL('./expected.json', import.meta.url), 'utf8')) as {
  madeBy: string
  seed: number
  size: number
  context: number[]
  otherContext: number[]
  chosen: number
  gradients: { method: string; logits: number[]; gradient: Thinned }[]
  maps: { own: Thinned; open: Thinned; other: Thinned; contributions: number[]; effects: number[] }
  ranks: { a: number[]; b: number[]; spearman: number }
  gates: { others: number[][]; own: number[]; percentiles: number[][]; ranks: number[] }
  ensemble: {
    members: number[][]
    mean: number[]
    deviation: number[]
    entropy: number
    mutualInformation: number
  }
  conformal: {
    probabilities: number[][]
    labels: number[]
    scores: number[]
    thresholds: Record<string, number>
  }
}
const { size, seed, chosen } = golden

function expectClose(found: ArrayLike<number>, expected: Thinned, tolerance: number): void {
  expect(found.length).toBe(expected.shape.reduce((product, side) => product * side, 1))
  const absolute = Array.from(found).reduce((sum, value) => sum + Math.abs(value), 0)
  expect(Math.abs(absolute / expected.absolute - 1)).toBeLessThan(tolerance)
  const largest = Math.max(...expected.values.map(Math.abs))
  expected.values.forEach((value, i) =>
    expect(Math.abs(found[i * expected.step]! - value) / largest).toBeLessThan(tolerance)
  )
}

async function run(graph: Parameters<typeof toOnnx>[0], feeds: Record<string, Tensor>) {
  const session = await createSession(toOnnx(graph), 'cpu')
  const outputs = await session.run(feeds)
  await session.close()
  return outputs
}

describe(`explanations against ${golden.madeBy}`, () => {
  it.each(golden.gradients)(
    'gives the gradient of a logit of $method with respect to the image',
    async example => {
      const definition = modelDefinition(example.method)
      const weights = goldenTensors(modelParameters(definition), seed)
      const { gradient, logits } = await run(bindParameters(imageGradientGraph(definition, size), weights), {
        image: goldenImage(1, size, seed),
        context: float32([1, 2], golden.context),
        chosen: float32(
          [1, 6],
          Array.from({ length: 6 }, (_, k) => (k === chosen ? 1 : 0))
        )
      })
      example.logits.forEach((logit, k) => expect(logits!.data[k]).toBeCloseTo(logit, 3))
      expectClose(gradient!.data as Float32Array, example.gradient, 2e-3)
    }
  )

  it('gives the activation maps of an own gate, of none and of another, and what each channel adds', async () => {
    const definition = modelDefinition('ccgn-small')
    const weights = goldenTensors(modelParameters(definition), seed)
    const graph = bindParameters(featureGraph(definition, size), weights)
    const at = (context: number[]) =>
      run(graph, { image: goldenImage(1, size, seed), context: float32([1, 2], context) })
    const { features, scale } = await at(golden.context)
    const other = (await at(golden.otherContext)).scale!.data as Float32Array
    const own = scale!.data as Float32Array
    const [, channels, rows, columns] = features!.shape as [number, number, number, number]
    const F = features!.data as Float32Array
    const weight = (weights.get('fc.weight')!.data as Float32Array).subarray(
      chosen * channels,
      (chosen + 1) * channels
    )
    const drawn = (gate: Float32Array) =>
      weightedMap(
        F,
        weight.map((w, c) => w * gate[c]!)
      )
    expectClose(drawn(own), golden.maps.own, 1e-4)
    expectClose(drawn(own.map(() => 1)), golden.maps.open, 1e-4)
    expectClose(drawn(other), golden.maps.other, 1e-4)

    const cells = rows * columns
    const pooled = Float32Array.from({ length: channels }, (_, c) =>
      F.subarray(c * cells, (c + 1) * cells).reduce((sum, value) => sum + value / cells, 0)
    )
    for (const { channel, contribution, effect } of channelEffects(weight, own, other, pooled)) {
      expect(contribution).toBeCloseTo(golden.maps.contributions[channel]!, 4)
      expect(effect).toBeCloseTo(golden.maps.effects[channel]!, 4)
    }
  })

  it('ranks with ties as SciPy does', () => {
    expect(rankCorrelation(golden.ranks.a, golden.ranks.b)).toBeCloseTo(golden.ranks.spearman, 12)
    expect(rankCorrelation([1, 1, 1], [1, 2, 3])).toBeNull()
  })

  it('places a gate among others as NumPy and SciPy do', () => {
    const { own, others, percentiles, ranks } = golden.gates
    const found = inspectGate(
      Float32Array.from(own),
      others.map(gate => Float32Array.from(gate))
    )
    const bands = [found.low, found.median, found.high]
    bands.forEach((band, i) =>
      band.forEach((value, channel) => expect(value).toBeCloseTo(percentiles[i]![channel]!, 6))
    )
    found.rank.forEach((rank, channel) => expect(rank).toBeCloseTo(ranks[channel]!, 6))
    expect(found.outside).toBe(
      own.filter((v, c) => v < percentiles[0]![c]! || v > percentiles[2]![c]!).length
    )
  })

  it('measures what an ensemble disagrees about as SciPy does', () => {
    const { members, mean, deviation, entropy, mutualInformation } = golden.ensemble
    const answer = ensembleAnswer(members)
    answer.mean.forEach((p, k) => expect(p).toBeCloseTo(mean[k]!, 12))
    answer.deviation.forEach((sd, k) => expect(sd).toBeCloseTo(deviation[k]!, 12))
    expect(answer.entropy).toBeCloseTo(entropy, 12)
    expect(answer.mutualInformation).toBeCloseTo(mutualInformation, 12)
  })

  it('scores and cuts prediction sets as NumPy does', () => {
    const { probabilities, labels, scores, thresholds } = golden.conformal
    const own = probabilities.map((row, film) => adaptiveScores(row)[labels[film]!]!)
    own.forEach((score, film) => expect(score).toBeCloseTo(scores[film]!, 12))
    const sorted = own.sort((a, b) => a - b)
    for (const [coverage, threshold] of Object.entries(thresholds)) {
      expect(conformalThreshold(sorted, Number(coverage))).toBeCloseTo(threshold, 12)
    }
  })
})
