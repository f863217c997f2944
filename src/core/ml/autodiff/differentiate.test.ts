import { describe, expect, it } from 'vitest'
import { createGraphBuilder, int64 } from '../graph'
import { differentiate } from './differentiate'

function scalarSum(g: ReturnType<typeof createGraphBuilder>, x: ReturnType<typeof g.value>) {
  const axes = g.constant(
    int64(
      [x.shape.length],
      x.shape.map((_, axis) => axis)
    )
  )
  return g.node('ReduceSum', [x, axes], { keepdims: 0 })
}

describe('differentiate', () => {
  it('names the op that has no rule', () => {
    const g = createGraphBuilder('test')
    const x = g.input('x', 'float32', [2, 3])
    const loss = scalarSum(g, g.node('HardSigmoid', [x]))
    expect(() => differentiate(g, { of: loss, withRespectTo: [x] })).toThrow(
      /HardSigmoid .* has no gradient rule/
    )
  })

  it('treats values as constants when told to', () => {
    const g = createGraphBuilder('test')
    const x = g.input('x', 'float32', [2])
    const step = g.node('HardSigmoid', [x])
    const loss = scalarSum(g, g.node('Mul', [x, step]))
    const gradients = differentiate(g, { of: loss, withRespectTo: [x], constants: [step] })
    expect(gradients.get('x')!.shape).toEqual([2])
  })

  it('emits nothing for what only frozen parameters lead to', () => {
    const nodesFor = (trained: string) => {
      const g = createGraphBuilder('test')
      const x = g.input('x', 'float32', [4, 3])
      const early = g.input('early', 'float32', [3, 3])
      const late = g.input('late', 'float32', [3, 2])
      const loss = scalarSum(g, g.node('MatMul', [g.node('MatMul', [x, early]), late]))
      const before = g.nodes.length
      differentiate(g, { of: loss, withRespectTo: [g.value(trained)] })
      return g.nodes.slice(before).filter(({ op }) => op === 'MatMul').length
    }
    expect(nodesFor('late')).toBe(1)
    expect(nodesFor('early')).toBe(2)
  })

  it('refuses a loss that is no scalar, and a value that the loss does not depend on', () => {
    const g = createGraphBuilder('test')
    const x = g.input('x', 'float32', [2])
    const other = g.input('other', 'float32', [2])
    const y = g.node('Exp', [x])
    expect(() => differentiate(g, { of: y, withRespectTo: [x] })).toThrow(/only a scalar/)
    expect(() => differentiate(g, { of: scalarSum(g, y), withRespectTo: [other] })).toThrow(
      /does not depend on other/
    )
  })

  it('adds up the gradients of a value used twice', () => {
    const g = createGraphBuilder('test')
    const x = g.input('x', 'float32', [2])
    const loss = scalarSum(g, g.node('Add', [g.node('Exp', [x]), g.node('Exp', [x])]))
    const gradient = differentiate(g, { of: loss, withRespectTo: [x] }).get('x')!
    expect(g.nodes.find(({ outputs }) => outputs[0] === gradient.name)!.op).toBe('Add')
  })
})
