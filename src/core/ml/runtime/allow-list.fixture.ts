import {
  createGraphBuilder,
  float32,
  int64,
  toOnnx,
  validateGraph,
  type GraphBuilder,
  type OpName,
  type Tensor,
  type Value
} from '../graph'
import { createSession, type Provider } from '.'

type Sample = (g: GraphBuilder, x: Value) => Value

/** x is [2, 4, 6, 6]. A sample uses the op with the attributes that our graphs give it; each op must have one. */
const SAMPLES: Record<OpName, Sample> = {
  Add: (g, x) => g.node('Add', [x, scaled(g, x)]),
  Sub: (g, x) => g.node('Sub', [x, g.scalar(0.5)]),
  Mul: (g, x) => g.node('Mul', [x, g.constant(wave([2, 4, 1, 1]))]),
  Div: (g, x) => g.node('Div', [x, g.scalar(2)]),
  Neg: (g, x) => g.node('Neg', [x]),
  Exp: (g, x) => g.node('Exp', [x]),
  Log: (g, x) => g.node('Log', [g.node('Exp', [x])]),
  Sqrt: (g, x) => g.node('Sqrt', [g.node('Exp', [x])]),
  Erf: (g, x) => g.node('Erf', [x]),
  Relu: (g, x) => g.node('Relu', [x]),
  Sigmoid: (g, x) => g.node('Sigmoid', [x]),
  Identity: (g, x) => g.node('Identity', [x]),
  Dropout: (g, x) => scaled(g, g.node('Dropout', [scaled(g, x), g.scalar(0.2)])),
  HardSigmoid: (g, x) => g.node('HardSigmoid', [x], { alpha: 1e30, beta: 0 }),
  Equal: (g, x) => g.node('Cast', [g.node('Equal', [x, scaled(g, x)])], { to: 1 }),
  Cast: (g, x) => g.node('Cast', [g.node('Equal', [x, x])], { to: 1 }),
  Softmax: (g, x) => g.node('Softmax', [x], { axis: 3 }),
  ReduceSum: (g, x) => g.node('ReduceSum', [x, g.constant(int64([3], [0, 2, 3]))], { keepdims: 1 }),
  ReduceMean: (g, x) => g.node('ReduceMean', [x, g.constant(int64([2], [2, 3]))], { keepdims: 0 }),
  ReduceMax: (g, x) => g.node('ReduceMax', [x, g.constant(int64([1], [1]))], { keepdims: 1 }),
  Conv: (g, x) =>
    g.node('Conv', [depthwise(g, x), g.constant(wave([5, 4, 3, 3])), g.constant(wave([5]))], {
      kernel_shape: [3, 3],
      strides: [2, 2],
      pads: [1, 1, 1, 1]
    }),
  ConvTranspose: (g, x) =>
    g.node('ConvTranspose', [x, g.constant(wave([4, 3, 3, 3]))], {
      kernel_shape: [3, 3],
      strides: [2, 2],
      pads: [1, 1, 1, 1],
      output_padding: [1, 1]
    }),
  MaxPool: (g, x) => g.node('MaxPool', [x], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }),
  GlobalAveragePool: (g, x) => g.node('GlobalAveragePool', [x]),
  BatchNormalization: (g, x) => {
    const channel = (low: number) => g.constant(float32([4], [low, low + 0.1, low + 0.2, low + 0.3]))
    return g.node('BatchNormalization', [x, channel(1), channel(0), channel(0), channel(1)], {
      epsilon: 1e-5
    })
  },
  LayerNormalization: (g, x) =>
    g.node('LayerNormalization', [x, g.constant(wave([6])), g.constant(wave([6]))], {
      axis: -1,
      epsilon: 1e-6
    }),
  Gemm: (g, x) =>
    g.node('Gemm', [g.node('Flatten', [x], { axis: 1 }), g.constant(wave([3, 144])), g.constant(wave([3]))], {
      transB: 1
    }),
  MatMul: (g, x) => g.node('MatMul', [x, g.constant(wave([6, 3]))]),
  Reshape: (g, x) => g.node('Reshape', [x, g.constant(int64([3], [2, -1, 6]))]),
  Flatten: (g, x) => g.node('Flatten', [x], { axis: 2 }),
  Transpose: (g, x) => g.node('Transpose', [x], { perm: [1, 0, 3, 2] }),
  Expand: (g, x) =>
    g.node('Expand', [g.node('GlobalAveragePool', [x]), g.constant(int64([4], [2, 4, 6, 6]))]),
  Concat: (g, x) => g.node('Concat', [x, scaled(g, x)], { axis: 1 }),
  Slice: (g, x) =>
    g.node('Slice', [x, ...[[1], [9], [2], [2]].map(numbers => g.constant(int64([1], numbers)))]),
  Gather: (g, x) => g.node('Gather', [x, g.constant(int64([3, 1], [1, 0, 1]))], { axis: 0 }),
  Pad: (g, x) => g.node('Pad', [x, g.constant(int64([8], [0, 0, 1, 2, 0, 0, 0, 1])), g.scalar(0)])
}

const depthwise = (g: GraphBuilder, x: Value) =>
  g.node('Conv', [x, g.constant(wave([4, 1, 7, 7]))], {
    kernel_shape: [7, 7],
    strides: [1, 1],
    pads: [3, 3, 3, 3],
    group: 4
  })

const scaled = (g: GraphBuilder, x: Value) => g.node('Mul', [x, g.scalar(0.5)])

/** Values of either sign, none of them special. */
function wave(shape: readonly number[]): Tensor {
  const length = shape.reduce((product, size) => product * size, 1)
  return float32(
    shape,
    Float32Array.from({ length }, (_, i) => Math.sin(i * 0.7 + 0.3))
  )
}

/** What a graph of one operator gives on a provider, which must do without the help of the CPU unless it is the CPU. */
export async function runSample(op: OpName, provider: Provider) {
  const g = createGraphBuilder(op)
  const sample = SAMPLES[op](g, g.input('x', 'float32', [2, 4, 6, 6]))
  const graph = g.build({ y: sample })
  validateGraph(graph)
  const session = await createSession(toOnnx(graph), provider, { cpuFallback: provider === 'cpu' })
  const { y } = await session.run({ x: wave([2, 4, 6, 6]) })
  await session.close()
  return { inferred: graph.outputs[0]!, y: y! }
}
