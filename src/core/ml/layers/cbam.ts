import { int64, reshape, type GraphBuilder, type Value } from '../graph'
import { relu, sigmoid } from './activation'
import { batchNorm } from './batch-norm'
import { conv } from './conv'
import { globalAveragePool } from './pooling'

/** Side of the window of the spatial attention. */
const SPATIAL_KERNEL = 7

/**
 * Convolutional block attention module (Woo et al. 2018): one factor per channel, then one per place.
 * x [N, C, H, W] -> the same shape. Parameters under the names of the authors' PyTorch code:
 * `{name}.ChannelGate.mlp.1.*`, `.mlp.3.*` (Linear, biased), `{name}.SpatialGate.spatial.conv.weight`, `.spatial.bn.*`.
 */
export function cbam(g: GraphBuilder, x: Value, name: string, reduction: number): Value {
  const attended = channelAttention(g, x, `${name}.ChannelGate`, reduction)
  return spatialAttention(g, attended, `${name}.SpatialGate`)
}

/** sigmoid(mlp(mean over places) + mlp(maximum over places)), one perceptron for both. */
function channelAttention(g: GraphBuilder, x: Value, name: string, reduction: number): Value {
  const [batch, channels] = x.shape as [number, number]
  const mlp = sharedPerceptron(g, `${name}.mlp`, channels, channels / reduction)
  const places = g.constant(int64([2], [2, 3]), 'places')
  const mean = mlp(globalAveragePool(g, x, `${name}.mean`))
  const highest = mlp(g.node('ReduceMax', [x, places], { keepdims: 0 }, `${name}.maximum`))
  const factor = sigmoid(g, g.node('Add', [mean, highest]), `${name}.sigmoid`)
  return g.node('Mul', [x, reshape(g, factor, [batch, channels, 1, 1])], {}, name)
}

/** Linear, ReLU, Linear with one set of weights for every x [N, size] that it is given. */
function sharedPerceptron(g: GraphBuilder, name: string, size: number, hidden: number) {
  const layer = (place: number, from: number, to: number) => {
    const initial = { kind: 'uniform', bound: 1 / Math.sqrt(from) } as const
    const weight = g.parameter(`${name}.${place}.weight`, [to, from], initial)
    const bias = g.parameter(`${name}.${place}.bias`, [to], initial)
    return (x: Value) => g.node('Gemm', [x, weight, bias], { transB: 1 })
  }
  const squeeze = layer(1, size, hidden)
  const excite = layer(3, hidden, size)
  return (x: Value) => excite(relu(g, squeeze(x)))
}

/** sigmoid(bn(conv([maximum, mean] over channels))), in this order of the two planes. */
function spatialAttention(g: GraphBuilder, x: Value, name: string): Value {
  const overChannels = g.constant(int64([1], [1]), 'overChannels')
  const highest = g.node('ReduceMax', [x, overChannels], { keepdims: 1 })
  const mean = g.node('ReduceMean', [x, overChannels], { keepdims: 1 })
  const planes = g.node('Concat', [highest, mean], { axis: 1 }, `${name}.planes`)
  const padding = (SPATIAL_KERNEL - 1) / 2
  const seen = conv(g, planes, `${name}.spatial.conv`, { out: 1, kernel: SPATIAL_KERNEL, padding })
  const factor = sigmoid(g, batchNorm(g, seen, `${name}.spatial.bn`), `${name}.sigmoid`)
  return g.node('Mul', [x, factor], {}, name)
}
