import { describe, expect, it } from 'vitest'
import { GRADIENT_RULES } from '../../src/core/ml/autodiff'
import { float32, int64, type GraphBuilder, type OpName, type Value } from '../../src/core/ml/graph'
import { gradientError, type GradientCase } from './check-gradient'

const unary =
  (op: OpName, attributes = {}) =>
  (g: GraphBuilder, [x]: readonly Value[]) =>
    g.node(op, [x!], attributes)
const binary =
  (op: OpName) =>
  (g: GraphBuilder, [a, b]: readonly Value[]) =>
    g.node(op, [a!, b!])
const integers = (g: GraphBuilder, values: readonly number[]) => g.constant(int64([values.length], values))
const window = (kernel: number, stride: number, padding: number) => ({
  kernel_shape: [kernel, kernel],
  strides: [stride, stride],
  pads: [padding, padding, padding, padding]
})
const convolution =
  (kernel: number, stride: number, padding: number) => (g: GraphBuilder, inputs: readonly Value[]) =>
    g.node('Conv', inputs, window(kernel, stride, padding))

/** At least one case per rule; shapes odd and unequal, so that a mixed-up axis shows. */
const CASES: Partial<Record<OpName, Record<string, GradientCase>>> = {
  Add: {
    'same shape': {
      inputs: [
        [2, 3],
        [2, 3]
      ],
      build: binary('Add')
    },
    'broadcast both ways': {
      inputs: [
        [2, 1, 3],
        [4, 1]
      ],
      build: binary('Add')
    }
  },
  Sub: { broadcast: { inputs: [[2, 3], [3]], build: binary('Sub') } },
  Mul: {
    broadcast: {
      inputs: [
        [2, 3, 2],
        [3, 1]
      ],
      build: binary('Mul')
    },
    'a value with itself': { inputs: [[5]], build: (g, [x]) => g.node('Mul', [x!, x!]) }
  },
  Div: {
    broadcast: {
      inputs: [
        [2, 3],
        [1, 3]
      ],
      build: binary('Div'),
      range: [0.5, 2]
    }
  },
  Neg: { vector: { inputs: [[4]], build: unary('Neg') } },
  Exp: { matrix: { inputs: [[2, 3]], build: unary('Exp') } },
  Log: { matrix: { inputs: [[2, 3]], build: unary('Log'), range: [0.5, 2] } },
  Sqrt: { matrix: { inputs: [[2, 3]], build: unary('Sqrt'), range: [0.5, 2] } },
  Erf: { matrix: { inputs: [[2, 3]], build: unary('Erf'), range: [-2, 2] } },
  Identity: { matrix: { inputs: [[2, 3]], build: unary('Identity') } },
  Relu: { 'away from zero': { inputs: [[3, 4]], build: unary('Relu'), apart: 0.05 } },
  Sigmoid: { matrix: { inputs: [[2, 3]], build: unary('Sigmoid'), range: [-3, 3] } },
  Softmax: {
    'last axis': { inputs: [[3, 4]], build: unary('Softmax', { axis: 1 }) },
    'middle axis': { inputs: [[2, 3, 2]], build: unary('Softmax', { axis: 1 }) }
  },
  ReduceSum: {
    'axes kept': {
      inputs: [[2, 3, 4]],
      build: (g, [x]) => g.node('ReduceSum', [x!, integers(g, [0, 2])], { keepdims: 1 })
    },
    'axes dropped': {
      inputs: [[2, 3, 4]],
      build: (g, [x]) => g.node('ReduceSum', [x!, integers(g, [-1])], { keepdims: 0 })
    }
  },
  ReduceMean: {
    'axes dropped': {
      inputs: [[2, 3, 4]],
      build: (g, [x]) => g.node('ReduceMean', [x!, integers(g, [0, 2])], { keepdims: 0 })
    }
  },
  ReduceMax: {
    'axes dropped': {
      inputs: [[2, 3, 4]],
      build: (g, [x]) => g.node('ReduceMax', [x!, integers(g, [0, 2])], { keepdims: 0 }),
      apart: 0.02
    },
    'one axis kept': {
      inputs: [[2, 3, 4]],
      build: (g, [x]) => g.node('ReduceMax', [x!, integers(g, [1])], { keepdims: 1 }),
      apart: 0.02
    }
  },
  MatMul: {
    matrices: {
      inputs: [
        [2, 3],
        [3, 4]
      ],
      build: binary('MatMul')
    },
    'stacks, one of them shared': {
      inputs: [
        [2, 2, 3],
        [3, 2]
      ],
      build: binary('MatMul')
    }
  },
  Gemm: Object.fromEntries(
    [0, 1].flatMap(transA =>
      [0, 1].map(transB => [
        `transA ${transA}, transB ${transB}`,
        {
          inputs: [transA ? [3, 2] : [2, 3], transB ? [4, 3] : [3, 4], [4]],
          build: (g: GraphBuilder, inputs: readonly Value[]) =>
            g.node('Gemm', inputs, { transA, transB, alpha: 0.5, beta: 2 })
        }
      ])
    )
  ),
  Conv: {
    '1x1': {
      inputs: [
        [2, 3, 4, 5],
        [4, 3, 1, 1]
      ],
      build: convolution(1, 1, 0)
    },
    '1x1, stride 2, odd sides': {
      inputs: [
        [2, 3, 5, 7],
        [2, 3, 1, 1]
      ],
      build: convolution(1, 2, 0)
    },
    '1x1, stride 2, even sides': {
      inputs: [
        [2, 2, 4, 6],
        [3, 2, 1, 1]
      ],
      build: convolution(1, 2, 0)
    },
    '3x3': {
      inputs: [
        [2, 2, 5, 4],
        [3, 2, 3, 3]
      ],
      build: convolution(3, 1, 1)
    },
    '3x3 with bias': { inputs: [[2, 2, 4, 4], [3, 2, 3, 3], [3]], build: convolution(3, 1, 1) },
    '3x3, stride 2, even sides': {
      inputs: [
        [2, 2, 6, 4],
        [2, 2, 3, 3]
      ],
      build: convolution(3, 2, 1)
    },
    '7x7, stride 2': {
      inputs: [
        [1, 2, 9, 8],
        [2, 2, 7, 7]
      ],
      build: convolution(7, 2, 3)
    },
    '4x4, stride 4': {
      inputs: [
        [1, 2, 8, 8],
        [2, 2, 4, 4]
      ],
      build: convolution(4, 4, 0)
    },
    'depthwise, uneven padding': {
      inputs: [[2, 3, 6, 5], [3, 1, 3, 3], [3]],
      build: (g, inputs) =>
        g.node('Conv', inputs, {
          kernel_shape: [3, 3],
          strides: [1, 1],
          pads: [1, 0, 2, 1],
          group: 3
        })
    },
    'depthwise, window larger than the map': {
      inputs: [
        [2, 2, 3, 2],
        [2, 1, 7, 7]
      ],
      build: (g, inputs) => g.node('Conv', inputs, { ...window(7, 1, 3), group: 2 })
    },
    'many places and channels (a product per tap)': {
      inputs: [
        [1, 32, 14, 15],
        [1, 32, 3, 2]
      ],
      build: (g, inputs) =>
        g.node('Conv', inputs, { kernel_shape: [3, 2], strides: [1, 1], pads: [1, 0, 1, 1] })
    },
    'many places and channels, stride 2': {
      inputs: [
        [1, 32, 29, 30],
        [1, 32, 3, 3]
      ],
      build: convolution(3, 2, 1)
    },
    'many places (a product per film)': {
      inputs: [
        [2, 1, 15, 15],
        [2, 1, 3, 3]
      ],
      build: convolution(3, 1, 1)
    }
  },
  MaxPool: {
    '3x3, stride 2, padded': {
      inputs: [[2, 2, 7, 6]],
      build: (g, [x]) => g.node('MaxPool', [x!], window(3, 2, 1)),
      apart: 0.02
    },
    '2x2, stride 2': {
      inputs: [[1, 2, 5, 4]],
      build: (g, [x]) => g.node('MaxPool', [x!], window(2, 2, 0)),
      apart: 0.02
    }
  },
  GlobalAveragePool: { maps: { inputs: [[2, 3, 4, 5]], build: unary('GlobalAveragePool') } },
  BatchNormalization: {
    frozen: {
      inputs: [[2, 3, 2, 3], [3], [3]],
      build: (g, [x, weight, bias]) =>
        g.node(
          'BatchNormalization',
          [
            x!,
            weight!,
            bias!,
            g.constant(float32([3], [0.1, -0.2, 0.3])),
            g.constant(float32([3], [0.5, 1.5, 1]))
          ],
          { epsilon: 1e-5 }
        )
    }
  },
  LayerNormalization: {
    'scale and bias': {
      inputs: [[2, 3, 5], [5], [5]],
      build: (g, inputs) => g.node('LayerNormalization', inputs, { axis: -1, epsilon: 1e-5 })
    },
    'input alone, large epsilon': {
      inputs: [[4, 3]],
      build: (g, [x]) =>
        g.node(
          'LayerNormalization',
          [x!, g.constant(float32([3], [1, -0.5, 2])), g.constant(float32([3], [0, 1, 2]))],
          { axis: -1, epsilon: 0.1 }
        )
    }
  },
  Reshape: {
    matrix: { inputs: [[2, 6]], build: (g, [x]) => g.node('Reshape', [x!, integers(g, [3, -1])]) }
  },
  Flatten: { maps: { inputs: [[2, 3, 2]], build: unary('Flatten', { axis: 1 }) } },
  Transpose: {
    'not its own inverse': { inputs: [[2, 3, 4]], build: unary('Transpose', { perm: [1, 2, 0] }) }
  },
  Expand: {
    'new axis and repeated axis': {
      inputs: [[3, 1]],
      build: (g, [x]) => g.node('Expand', [x!, integers(g, [2, 3, 4])])
    }
  },
  Slice: {
    'two axes, from the end': {
      inputs: [[3, 4, 5]],
      build: (g, [x]) =>
        g.node('Slice', [
          x!,
          ...[
            [1, -3],
            [9, -1],
            [0, 2],
            [1, 1]
          ].map(numbers => integers(g, numbers))
        ])
    }
  },
  Gather: {
    'rows shown twice and never': {
      inputs: [[4, 2]],
      build: (g, [x]) => g.node('Gather', [x!, g.constant(int64([2, 3], [0, 3, 0, 1, 1, 0]))], { axis: 0 })
    }
  },
  Pad: {
    uneven: {
      inputs: [[2, 3]],
      build: (g, [x]) => g.node('Pad', [x!, integers(g, [1, 0, 0, 2]), g.scalar(0.5)])
    }
  },
  Concat: {
    'middle axis': {
      inputs: [
        [2, 1, 3],
        [2, 2, 3]
      ],
      build: (g, inputs) => g.node('Concat', inputs, { axis: 1 })
    }
  }
}

const SEED = 20260101

describe(`gradient rules against centred differences (seed ${SEED})`, () => {
  it.each(Object.keys(GRADIENT_RULES))('%s has a case', op => {
    expect(Object.keys(CASES[op as OpName] ?? {})).not.toHaveLength(0)
  })

  for (const [op, cases] of Object.entries(CASES)) {
    for (const [name, test] of Object.entries(cases)) {
      it(`${op}: ${name}`, async () => {
        expect(await gradientError(test, SEED)).toBeLessThan(5e-3)
      })
    }
  }
})
