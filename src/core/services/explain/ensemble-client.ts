import type { CallOptions, ChildPool } from '../../foundation'
import type { FilmFacts } from '../training/train-client'

export interface EnsembleRequest {
  method: string
  /** Side of the image that the pooled features were made from, in pixels. */
  size: number
  /** Those to fit on first, then those to calibrate with. Labels as class indices; GA and BW normalised. */
  films: FilmFacts
  fitted: number
  /** Infant of each film. */
  infants: string[]
  members: number
  seed: number
  /** Where the members' weights are written, see `memberFile`. */
  folder: string
}

export interface EnsembleOutcome {
  /** Mean over the members of the probabilities of each film to calibrate with [films, classes]; NaN where it has no features. */
  calibration: Float32Array
  /** Films that were fitted on: those with features. */
  fitted: number
}

/** Share of the work done, 0 to 1. */
export type EnsembleProgress = { done: number }

export const memberFile = (member: number) => `member-${member}.safetensors`

export function ensembleWorker(pool: ChildPool) {
  return {
    /** The child asks for pooled features by TrainQuestion 'pooled'. @throws NeoGateError CANCELLED, MODEL_REFUSED, DISK_FULL */
    fit: (request: EnsembleRequest, options: CallOptions) =>
      pool.call<EnsembleOutcome>('fitEnsemble', request, { ...options, timeoutMs: null })
  }
}
