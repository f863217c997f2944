import { describe, expect, it } from 'vitest'
import {
  bindParameters,
  createGraphBuilder,
  float32,
  fromOnnx,
  int64,
  parameterCount,
  toOnnx,
  validateGraph,
  type Graph
} from '.'

/** y = relu(conv(x)) with one parameter, and its mean over places. */
function example(): Graph {
  const g = createGraphBuilder('example')
  const x = g.input('x', 'float32', [2, 3, 8, 9])
  const weight = g.parameter('conv.weight', [4, 3, 3, 3], { kind: 'constant', value: 1 })
  const conv = g.node('Conv', [x, weight, null], {
    kernel_shape: [3, 3],
    strides: [2, 2],
    pads: [1, 1, 0, 0]
  })
  const y = g.node('Relu', [conv])
  return g.build({ y, mean: g.node('GlobalAveragePool', [y]) })
}

describe('builder', () => {
  it('works out types as it goes and gives outputs their names', () => {
    const graph = example()
    expect(graph.outputs).toEqual([
      { name: 'y', dtype: 'float32', shape: [2, 4, 4, 4] },
      { name: 'mean', dtype: 'float32', shape: [2, 4, 1, 1] }
    ])
    expect(graph.nodes.map(({ op, inputs, outputs }) => [op, inputs, outputs])).toEqual([
      ['Conv', ['x', 'conv.weight', ''], ['Conv']],
      ['Relu', ['Conv'], ['y']],
      ['GlobalAveragePool', ['y'], ['mean']]
    ])
    expect(parameterCount(graph)).toBe(108)
  })

  it.each([
    [
      'shapes that do not broadcast',
      "Add 'sum': shapes [2, 3] and [2, 2] do not broadcast",
      () => {
        const g = createGraphBuilder('g')
        g.node('Add', [g.input('a', 'float32', [2, 3]), g.input('b', 'float32', [2, 2])], {}, 'sum')
      }
    ],
    [
      'a weight for other channels',
      "Conv 'c': weight [4, 5, 1, 1] in 1 group(s) does not fit 3 channels",
      () => {
        const g = createGraphBuilder('g')
        const weight = g.constant(float32([4, 5, 1, 1], new Float32Array(20)))
        g.node('Conv', [g.input('x', 'float32', [1, 3, 4, 4]), weight], {}, 'c')
      }
    ],
    [
      'an unknown attribute',
      "Relu 'r': no attribute 'alpha' here",
      () => {
        const g = createGraphBuilder('g')
        g.node('Relu', [g.input('x', 'float32', [1])], { alpha: 1 }, 'r')
      }
    ],
    [
      'a name used twice',
      'x: this name is taken in the graph',
      () => {
        const g = createGraphBuilder('g')
        g.input('x', 'float32', [1])
        g.input('x', 'float32', [1])
      }
    ],
    [
      'a reshape that loses elements',
      "Reshape 'r': cannot reshape [2, 3] to [4, -1]",
      () => {
        const g = createGraphBuilder('g')
        g.node('Reshape', [g.input('x', 'float32', [2, 3]), g.constant(int64([2], [4, -1]))], {}, 'r')
      }
    ]
  ])('refuses %s', (_, message, build) => {
    expect(build).toThrow(expect.objectContaining({ code: 'MODEL_REFUSED', message }) as Error)
  })
})

describe('bindParameters', () => {
  it('makes constants of parameters and leaves the graph it was given alone', () => {
    const graph = example()
    const weight = float32([4, 3, 3, 3], new Float32Array(108).fill(1))
    const bound = bindParameters(graph, new Map([['conv.weight', weight]]))
    expect(bound.parameters).toEqual([])
    expect(bound.constants.get('conv.weight')).toBe(weight)
    expect(graph.parameters).toHaveLength(1)
    validateGraph(bound)
  })

  it('names a tensor of another shape', () => {
    const wrong = new Map([['conv.weight', float32([4, 3, 1, 1], new Float32Array(12))]])
    expect(() => bindParameters(example(), wrong)).toThrow(
      'conv.weight: expected float32[4, 3, 3, 3], found float32[4, 3, 1, 1]'
    )
  })
})

describe('validator', () => {
  const broken = (change: Partial<Graph>): Graph => ({ ...example(), ...change })
  const [conv, relu, mean] = example().nodes

  it.each([
    ['a node before what it needs', { nodes: [relu!, conv!, mean!] }, 'not made by anything before it'],
    ['a value made twice', { nodes: [conv!, conv!, relu!, mean!] }, 'made more than once'],
    [
      'an output nobody makes',
      { outputs: [{ name: 'z', dtype: 'float32' as const, shape: [] }] },
      'nothing makes'
    ],
    [
      'a type that inference does not give',
      { types: new Map(example().types).set('y', { dtype: 'float32', shape: [1] }) },
      'but the graph says float32[1]'
    ],
    ['an op that is not on the list', { nodes: [{ ...conv!, op: 'Loop' as never }] }, 'not on the list'],
    [
      'a constant shorter than its shape',
      { constants: new Map([['c', float32([3], [1, 2])]]) },
      'float32[3] holds 2 numbers'
    ]
  ])('refuses %s', (_, change, problem) => {
    expect(() => validateGraph(broken(change))).toThrow(problem)
  })
})

describe('ONNX files', () => {
  const weight = float32(
    [4, 3, 3, 3],
    Float32Array.from({ length: 108 }, (_, i) => Math.sin(i))
  )
  const bound = bindParameters(example(), new Map([['conv.weight', weight]]))

  it('come back as they went, metadata included', () => {
    const { graph, metadata } = fromOnnx(toOnnx(bound, { notice: 'Research use only.', 이름: '시험' }))
    expect(graph).toEqual({ ...bound, types: expect.anything() as unknown })
    expect(new Map([...graph.types].sort())).toEqual(new Map([...bound.types].sort()))
    expect(metadata).toEqual({ notice: 'Research use only.', 이름: '시험' })
  })

  it.each([
    ['random bytes', Uint8Array.from({ length: 200 }, (_, i) => (i * 97) % 256)],
    ['half a file', toOnnx(bound).slice(0, 300)],
    ['an empty file', new Uint8Array()]
  ])('%s: refused', (_, bytes) => {
    expect(() => fromOnnx(bytes)).toThrow(expect.objectContaining({ code: 'MODEL_REFUSED' }) as Error)
  })
})
