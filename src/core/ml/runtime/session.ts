import { env, InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import { NeoGateError, toError } from '../../foundation'
import { elementCount, type Tensor } from '../graph'
import type { Provider } from './providers'

// What fails is thrown, with the runtime's words; its own copy of them on stderr would tell the terminal's user twice.
env.logLevel = 'fatal'

/** A network made ready on one provider. `run` keeps this process busy until it is done. */
export interface Session {
  readonly provider: Provider
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>>
  close(): Promise<void>
}

export interface SessionOptions {
  /** False: refuse a network of which the provider cannot run every node itself. True by default. */
  cpuFallback?: boolean
  /**
   * True for a network with a backward pass. Memory is then taken from the system and given back as a run goes: the
   * runtime's arena keeps up to twice what lives at once, a block planned ahead comes on top of that. It costs nothing at
   * 224 pixels, at 512 about a seventh of the time. And every Transpose stays where it was put: the runtime would move
   * those that sort columns for many slices behind each of the slices, which makes them five times as long.
   */
  backward?: boolean
  /** Threads that one operator may use on the CPU; by default one per core. */
  threads?: number
}

/**
 * @param model bytes of an .onnx file
 * @throws NeoGateError PROVIDER_UNAVAILABLE when the provider cannot take the network
 */
export async function createSession(
  model: Uint8Array,
  provider: Provider,
  options: SessionOptions = {}
): Promise<Session> {
  const session = await create(model, provider, options)
  return {
    provider,
    async run(feeds) {
      const inputs = Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [name, toOrt(tensor)]))
      try {
        const outputs = await session.run(inputs)
        return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, fromOrt(tensor)]))
      } catch (thrown) {
        throw unavailable(provider, thrown)
      }
    },
    close: () => session.release()
  }
}

/** By the names under which onnxruntime keeps them: before, and after nodes are given to the CPU. */
const TRANSPOSE_OPTIMIZERS = 'TransposeOptimizer;TransposeOptimizer_CPUExecutionProvider'

async function create(
  model: Uint8Array,
  provider: Provider,
  { cpuFallback = true, backward = false, threads }: SessionOptions
): Promise<InferenceSession> {
  // Keys without a value must be left out: onnxruntime-node throws on `extra: undefined` and its like.
  const options: InferenceSession.SessionOptions = {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    logSeverityLevel: 4,
    enableMemPattern: !backward,
    enableCpuMemArena: !backward,
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    extra: {
      ...(cpuFallback ? {} : { session: { disable_cpu_ep_fallback: '1' } }),
      ...(backward ? { optimization: { disable_specified_optimizers: TRANSPOSE_OPTIMIZERS } } : {})
    }
  }
  try {
    return await InferenceSession.create(model, options)
  } catch (thrown) {
    throw unavailable(provider, thrown)
  }
}

function unavailable(provider: Provider, thrown: unknown): NeoGateError {
  const cause = toError(thrown)
  if (provider === 'cpu') return new NeoGateError('INTERNAL', `cpu: ${cause.message}`, {}, { cause })
  return new NeoGateError(
    'PROVIDER_UNAVAILABLE',
    `${provider}: ${cause.message}`,
    { field: 'provider', reason: provider, remedy: 'Choose another provider; the CPU always works.' },
    { cause }
  )
}

function toOrt(tensor: Tensor): OrtTensor {
  return new OrtTensor(tensor.dtype, tensor.data as Float32Array, tensor.shape) as OrtTensor
}

function fromOrt(value: InferenceSession.ReturnType[string]): Tensor {
  const { type, dims, data } = value as OrtTensor
  if (type !== 'float32' && type !== 'int32' && type !== 'int64' && type !== 'bool') {
    throw new NeoGateError('INTERNAL', `onnxruntime gave an output of type ${type}`)
  }
  const tensor = { dtype: type, shape: [...dims], data } as Tensor
  if (tensor.data.length !== elementCount(tensor.shape)) {
    throw new NeoGateError('INTERNAL', 'onnxruntime gave an output of another length than its shape')
  }
  return tensor
}
