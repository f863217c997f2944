import { describe, expect, it } from 'vitest'
import { float32, type Tensor } from '../graph'
import { CONTEXT_HEAD_TENSORS, contextHead, softmaxOf } from './context-head'

const SCALE = { gaMeanDays: 200, gaSdDays: 20, bwMeanGrams: 2000, bwSdGrams: 500 }

/** hidden 1, channels 2, classes 2, so that every number can be followed by hand. */
const TENSORS = new Map<string, Tensor>([
  ['gate.fc1.weight', float32([1, 2], [1, -1])],
  ['gate.fc1.bias', float32([1], [0.5])],
  ['gate.fc2.weight', float32([2, 1], [2, 0])],
  ['gate.fc2.bias', float32([2], [0, 0])],
  ['fc.weight', float32([2, 2], [1, 0, 1, 1])],
  ['fc.bias', float32([2], [0, -1])]
])

describe('context head', () => {
  it('gives the logits worked out by hand', () => {
    // v = (1, 0.5): z = relu(1 - 0.5 + 0.5) = 1, A = (sigmoid(2), sigmoid(0))
    const head = contextHead(TENSORS, SCALE)
    const a = 1 / (1 + Math.exp(-2))
    const [first, second] = head.logits(Float32Array.of(3, 4), 220, 2250)
    expect(first).toBeCloseTo(3 * a, 6)
    expect(second).toBeCloseTo(3 * a + 4 * 0.5 - 1, 6)
  })

  it('closes the hidden unit below zero', () => {
    const [a] = contextHead(TENSORS, SCALE).gate(180, 2500)
    expect(a).toBe(0.5)
  })

  it('names the tensor it lacks', () => {
    const tensors = new Map(TENSORS)
    tensors.delete('gate.fc2.bias')
    expect(CONTEXT_HEAD_TENSORS).toContain('gate.fc2.bias')
    expect(() => contextHead(tensors, SCALE)).toThrow("The model has no tensor 'gate.fc2.bias'.")
  })

  it('keeps softmax finite for large logits', () => {
    expect([...softmaxOf(Float32Array.of(1000, 1000))]).toEqual([0.5, 0.5])
  })
})
