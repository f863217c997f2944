import type { CallOptions, ChildPool } from '../../foundation'
import type { ContextScale } from '../../ml/models'
import type { FilmFacts } from '../training/train-client'

/** What the queues ask of a model about many films at once. */
export interface ScoreRequest {
  method: string
  weightsFile: string
  /** Side of the image that the pooled features were made from, in pixels. */
  size: number
  scale: ContextScale
  /** Label -1: none. GA and BW normalised. */
  films: FilmFacts
  /** Infant of each film. */
  infants: string[]
  seed: number
}

/** Six numbers or one for each film in the request's order; NaN where there is no answer. */
export interface ScoreOutcome {
  atMean: Float32Array
  outOfFold: Float32Array
  coreSet: Float32Array
}

export interface ScoreProgress {
  step: 'score' | 'cross-validate'
  /** 0 to 1 */
  done: number
}

export function scoreWorker(pool: ChildPool) {
  return {
    /** The child asks for pooled features by TrainQuestion 'pooled'. @throws NeoGateError CANCELLED, MODEL_REFUSED */
    score: (request: ScoreRequest, options: CallOptions) =>
      pool.call<ScoreOutcome>('score', request, { ...options, timeoutMs: null })
  }
}
