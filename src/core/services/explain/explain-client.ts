import type { CallOptions, ChildPool } from '../../foundation'
import type { ContextScale } from '../../ml/models'

/** A film as the network takes it, with GA and BW in days and grams. */
export interface ExplainedFilm {
  /** [size, size], display values 0 (black) to 1. */
  plane: Float32Array
  gaDays: number
  bwGrams: number
}

export interface FeatureRequest extends ExplainedFilm {
  /** Model folder; the child reads it itself. */
  folder: string
  hash: string
}

export interface FilmFeatures {
  /** F [channels, rows, columns] */
  features: Float32Array
  rows: number
  columns: number
  /** [channels], what the classifier multiplies each channel by; null: by one. */
  scale: Float32Array | null
}

export interface GradientRequest extends FeatureRequest {
  /** Class whose logit is differentiated. */
  chosen: number
}

export interface NearestRequest {
  method: string
  weightsFile: string
  scale: ContextScale
  /** Pooled features one after another, float32. */
  file: string
  channels: number
  /** GA (days) and BW (grams) of each film in the file, one after the other. */
  contexts: Float32Array
  /** One where the film is left out. */
  skipped: Uint8Array
  /** Pooled features of the film asked about, with its own gate where `gated`. */
  query: Float32Array
  gated: boolean
  count: number
}

/** Places in the file, nearest first. */
export type NearestOutcome = { place: number; distance: number }[]

/** The host's side of explain-worker, in the child of role 'model'. */
export function explainWorker(pool: ChildPool) {
  return {
    /** @throws NeoGateError MODEL_REFUSED, CANCELLED, WORKER_FAILED */
    features: (request: FeatureRequest, options?: CallOptions) =>
      pool.call<FilmFeatures>('features', request, options),
    /** d logit / d plane [size * size]. @throws NeoGateError MODEL_REFUSED where an operator has no gradient */
    imageGradient: (request: GradientRequest, options?: CallOptions) =>
      pool.call<Float32Array>('imageGradient', request, options),
    /** @throws NeoGateError FILE_REFUSED, CANCELLED, WORKER_FAILED */
    nearest: (request: NearestRequest, options?: CallOptions) =>
      pool.call<NearestOutcome>('nearest', request, options)
  }
}
