import type { Absence, Provider } from '../ml/runtime'
import type { CallOptions, ChildPool } from '../foundation'
import type { ParityRequest, ParityResult } from './parity-step'

/** What the network is given of one film. */
export interface FilmInput {
  /** [size, size], display values 0 (black) to 1. */
  plane: Float32Array
  gaDays: number
  bwGrams: number
}

/** What the network says of one film. */
export interface FilmOutput {
  logits: Float32Array
  probabilities: Float32Array
  /** What a control, which sees GA and BW only, does not have. */
  ofImage: {
    /** GAP(F) before the gate. */
    pooled: Float32Array
    /** [classes, rows, columns], first without, then, where the model has one, with the gate. */
    maps: Float32Array
    rows: number
    columns: number
  } | null
}

export interface PredictRequest {
  /** Model folder; the child reads it itself. */
  folder: string
  /** Hash of the model that is meant; another one in the folder is refused. */
  hash: string
  provider: Provider
  films: FilmInput[]
}

export interface ProviderSelfTest {
  passed: boolean
  /** Largest |difference| of logits from the CPU's. */
  maxError: number
  /** The small network at 512 x 512, one film at a time. */
  filmsPerSecond: number
}

/** Whether this build of the runtime contains a provider, and if not, why. */
export interface ProviderPresence {
  provider: Provider
  present: boolean
  absence: Absence | null
}

/** The host's side of model-worker: each call runs in the child, so that onnxruntime is never loaded in the host. */
export function modelWorker(pool: ChildPool) {
  return {
    /** @throws NeoGateError PROVIDER_UNAVAILABLE, MODEL_REFUSED, CANCELLED, WORKER_FAILED */
    predict: (request: PredictRequest, options?: CallOptions) =>
      pool.call<FilmOutput[]>('predict', request, options),
    /** @throws NeoGateError NOT_FOUND, INVALID_INPUT, MODEL_REFUSED, DISK_FULL, CANCELLED, WORKER_FAILED */
    parityStep: (request: ParityRequest, options?: CallOptions) =>
      pool.call<ParityResult>('parityStep', request, options),
    providers: (options?: CallOptions) => pool.call<ProviderPresence[]>('providers', {}, options),
    selfTest: (provider: Provider, options?: CallOptions) =>
      pool.call<ProviderSelfTest>('selfTest', { provider }, options)
  }
}
