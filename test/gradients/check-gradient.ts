import { createRandom } from '../../src/core/foundation'
import { differentiate } from '../../src/core/ml/autodiff'
import {
  createGraphBuilder,
  elementCount,
  float32,
  int64,
  toOnnx,
  validateGraph,
  type GraphBuilder,
  type Tensor,
  type Value
} from '../../src/core/ml/graph'
import { createSession } from '../../src/core/ml/runtime'

export interface GradientCase {
  /** Shapes of the inputs to differentiate with respect to. */
  inputs: readonly (readonly number[])[]
  build(g: GraphBuilder, inputs: readonly Value[]): Value
  /** Range of the inputs; distances between any two values are at least `apart`, so that no step crosses a kink. */
  range?: readonly [number, number]
  apart?: number
}

/** Half the distance between the two points of a difference: float32 leaves about 1e-3 relative error. */
const STEP = 5e-3

/** Elements checked of one input; of more, as many are drawn. */
const MOST_ELEMENTS = 1000

/**
 * Largest |emitted gradient - centred difference| over the largest |difference|, for loss = sum(y w) with random
 * weights w, over all elements of all inputs (of large ones over a sample).
 */
export async function gradientError(test: GradientCase, seed: number): Promise<number> {
  const random = createRandom(seed, 'gradient')
  const g = createGraphBuilder('gradient')
  const inputs = test.inputs.map((shape, index) => g.input(`x${index}`, 'float32', shape))
  const y = test.build(g, inputs)
  const weights = float32(
    y.shape,
    Float32Array.from({ length: elementCount(y.shape) }, () => random.between(-1, 1))
  )
  const weighted = g.node('Mul', [y, g.constant(weights, 'weights')])
  const axes = g.constant(
    int64(
      [y.shape.length],
      y.shape.map((_, axis) => axis)
    ),
    'axes'
  )
  const loss = g.node('ReduceSum', [weighted, axes], { keepdims: 0 })
  const gradients = differentiate(g, { of: loss, withRespectTo: inputs })
  const graph = g.build({
    loss: g.node('Identity', [loss]),
    ...Object.fromEntries([...gradients].map(([name, value]) => [`d_${name}`, g.node('Identity', [value])]))
  })
  validateGraph(graph)

  const session = await createSession(toOnnx(graph), 'cpu')
  const feeds: Record<string, Tensor> = Object.fromEntries(
    inputs.map(({ name, shape }) => [name, float32(shape, spread(elementCount(shape), test, random))])
  )
  const lossAt = async () => Number((await session.run(feeds)).loss!.data[0])
  const emitted = await session.run(feeds)
  let largest = 0
  let error = 0
  for (const { name } of inputs) {
    const data = feeds[name]!.data as Float32Array
    const all = [...data.keys()]
    const elements = all.length > MOST_ELEMENTS ? random.shuffle(all).slice(0, MOST_ELEMENTS) : all
    for (const i of elements) {
      const at = data[i]!
      data[i] = at + STEP
      const above = await lossAt()
      data[i] = at - STEP
      const below = await lossAt()
      data[i] = at
      const difference = (above - below) / (2 * STEP)
      largest = Math.max(largest, Math.abs(difference))
      error = Math.max(error, Math.abs(difference - Number(emitted[`d_${name}`]!.data[i])))
    }
  }
  await session.close()
  return error / largest
}

/** Values in random order on a jittered grid, none nearer than `apart` to another or to zero. */
function spread(
  count: number,
  { range = [-1, 1], apart = 0 }: GradientCase,
  random: ReturnType<typeof createRandom>
) {
  const [low, high] = range
  if (apart === 0) return Float32Array.from({ length: count }, () => random.between(low, high))
  const cell = Math.max((high - low) / count, 2 * apart)
  const values = Array.from({ length: count }, (_, i) => {
    const value = (i - (count - 1) / 2) * cell + random.between(0, cell - apart) - cell / 4
    return Math.abs(value) < apart ? apart : value
  })
  return Float32Array.from(random.shuffle(values))
}
