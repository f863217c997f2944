import { describe, expect, it } from 'vitest'
import { createGraphBuilder, float32, type Graph, type Tensor } from '../graph'
import { contextHead, softmaxOf } from './context-head'

const SCALE = { gaMeanDays: 200, gaSdDays: 20, bwMeanGrams: 2000, bwSdGrams: 500 }

/** hidden 1, channels 2, classes 2, so that every number can be followed by hand. */
const TENSORS = new Map<string, Tensor>([
  ['w1', float32([1, 2], [1, -1])],
  ['b1', float32([1], [0.5])],
  ['w2', float32([2, 1], [2, 0])],
  ['b2', float32([2], [0, 0])],
  ['w', float32([2, 2], [1, 0, 1, 1])],
  ['b', float32([2], [0, -1])]
])

function gatedHead(): Graph {
  const g = createGraphBuilder('head')
  const pooled = g.input('pooled', 'float32', [1, 2])
  const context = g.input('context', 'float32', [1, 2])
  const parameter = (name: string) =>
    g.parameter(name, TENSORS.get(name)!.shape, { kind: 'constant', value: 0 })
  const layer = (x: typeof pooled, weight: string, bias: string) =>
    g.node('Gemm', [x, parameter(weight), parameter(bias)], { transB: 1 })
  const gate = g.node('Sigmoid', [layer(g.node('Relu', [layer(context, 'w1', 'b1')]), 'w2', 'b2')])
  return g.build({ gate, logits: layer(g.node('Mul', [pooled, gate]), 'w', 'b') })
}

describe('context head', () => {
  it('gives the logits worked out by hand', () => {
    // v = (1, 0.5): z = relu(1 - 0.5 + 0.5) = 1, A = (sigmoid(2), sigmoid(0))
    const head = contextHead(gatedHead(), TENSORS, SCALE)
    const a = 1 / (1 + Math.exp(-2))
    const [first, second] = head.logits(Float32Array.of(3, 4), 220, 2250)
    expect(first).toBeCloseTo(3 * a, 6)
    expect(second).toBeCloseTo(3 * a + 4 * 0.5 - 1, 6)
    expect([head.channels, head.classes]).toEqual([2, 2])
  })

  it('answers the same in any order, whatever a caller does with a gate', () => {
    const asked = [
      [220, 2250],
      [220, 2250],
      [190, 1500],
      [220, 2250]
    ] as const
    const head = contextHead(gatedHead(), TENSORS, SCALE)
    for (const [gaDays, bwGrams] of asked) {
      const fresh = contextHead(gatedHead(), TENSORS, SCALE)
      for (const pooled of [Float32Array.of(3, 4), Float32Array.of(1, 0)]) {
        expect(head.logits(pooled, gaDays, bwGrams)).toEqual(fresh.logits(pooled, gaDays, bwGrams))
      }
      expect(head.gate(gaDays, bwGrams)).toEqual(fresh.gate(gaDays, bwGrams))
      head.gate(gaDays, bwGrams)!.fill(0)
    }
  })

  it('closes the hidden unit below zero', () => {
    expect(contextHead(gatedHead(), TENSORS, SCALE).gate(180, 2500)![0]).toBe(0.5)
  })

  it('has no gate where the method has none', () => {
    const g = createGraphBuilder('plain')
    const pooled = g.input('pooled', 'float32', [1, 2])
    const weight = g.parameter('w', [2, 2], { kind: 'constant', value: 0 })
    const head = contextHead(
      g.build({ logits: g.node('Gemm', [pooled, weight], { transB: 1 }) }),
      TENSORS,
      SCALE
    )
    expect(head.gate(220, 2250)).toBeNull()
    expect([...head.logits(Float32Array.of(3, 4), 220, 2250)]).toEqual([3, 7])
  })

  it('names the tensor it lacks', () => {
    const tensors = new Map(TENSORS)
    tensors.delete('b2')
    expect(() => contextHead(gatedHead(), tensors, SCALE)).toThrow('b2: no values are given')
  })

  it('names an operator that it does not know', () => {
    const g = createGraphBuilder('odd')
    const pooled = g.input('pooled', 'float32', [1, 2])
    expect(() => contextHead(g.build({ logits: g.node('Erf', [pooled]) }), TENSORS, SCALE)).toThrow(
      /hold Erf/
    )
  })

  it('refuses features of another length', () => {
    expect(() => contextHead(gatedHead(), TENSORS, SCALE).logits(new Float32Array(3), 220, 2250)).toThrow(
      /3 numbers do not fit 2 channels/
    )
  })

  it('keeps softmax finite for large logits', () => {
    expect([...softmaxOf(Float32Array.of(1000, 1000))]).toEqual([0.5, 0.5])
  })
})
