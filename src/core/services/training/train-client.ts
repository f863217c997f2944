import type { CallOptions, ChildPool } from '../../foundation'
import type { ContextScale, Entry } from '../../ml/models'
import type { Provider } from '../../ml/runtime'
import type { Evaluation, TrainingEvent, TrainingOptions } from '../../ml/trainer'

/** What the child must know of the films of one side; it asks for the pictures themselves when it needs them. */
export interface FilmFacts {
  ids: string[]
  /** Class indices. */
  labels: Int32Array
  /** Normalised (GA, BW) of each film, one after the other. */
  contexts: Float32Array
  /** Six probabilities of the parent for each film; null: none are learnt from. */
  teacher: Float32Array | null
}

export interface TrainRequest {
  method: string
  entry: Entry
  /** Names the run in its checkpoints. */
  run: string
  /** Whole weights to begin with; or pretrained ones of a backbone, or none, and the rest fresh from the seed. */
  start: { kind: 'version' | 'pretrained'; file: string } | { kind: 'fresh' }
  checkpointFile: string
  /** The best weights are written here in the end, the whole model. */
  bestFile: string
  /** Folder of kept features before the last stage; null where none are used. */
  featuresFolder: string | null
  checkpointSteps: number
  options: Omit<TrainingOptions, 'trains'>
  train: FilmFacts
  validation: FilmFacts
}

/** What the child asks while it trains: the plane of a film, or GAP(F) of films `from` to `to` one after the other. */
export type TrainQuestion =
  | { kind: 'plane'; side: 'train' | 'validation'; film: number }
  | { kind: 'pooled'; side: 'train' | 'validation'; from: number; to: number; channels: number }

export type TrainChildEvent =
  | { type: 'started'; step: number; epoch: number; resumed: boolean }
  | { type: 'features'; done: number; total: number }
  | (Extract<TrainingEvent, { type: 'step' }> & { filmsPerSecond: number; secondsLeft: number | null })
  | { type: 'epoch'; step: number; epoch: number; trainingLoss: number; best: boolean; validation: Scores }
  | { type: 'checkpoint'; step: number }
  | { type: 'smaller-batch'; batch: number }

/** An evaluation without its probabilities. */
export type Scores = Omit<Evaluation, 'probabilities'>

export interface TrainOutcome {
  reason: 'epochs' | 'patience'
  epochs: number
  steps: number
  provider: Provider
  /** The best weights on the validation side. */
  validation: Evaluation
}

export function trainWorker(pool: ChildPool) {
  return {
    /** @throws NeoGateError CANCELLED after a checkpoint; MODEL_REFUSED (diverged, out-of-memory, films-lost); DISK_FULL */
    train: (request: TrainRequest, options: CallOptions) =>
      pool.call<TrainOutcome>('train', request, { ...options, timeoutMs: null })
  }
}

/** The cohort's own scale: mean and standard deviation of what is recorded; one of the two may be missing anywhere. */
export function contextScale(
  films: readonly { gaDays: number | null; bwGrams: number | null }[]
): ContextScale | null {
  const ga = meanAndDeviation(films.flatMap(({ gaDays }) => (gaDays === null ? [] : [gaDays])))
  const bw = meanAndDeviation(films.flatMap(({ bwGrams }) => (bwGrams === null ? [] : [bwGrams])))
  return ga && bw && { gaMeanDays: ga.mean, gaSdDays: ga.sd, bwMeanGrams: bw.mean, bwSdGrams: bw.sd }
}

/** null where the values do not vary, so that nothing can be divided by their deviation. */
function meanAndDeviation(values: readonly number[]): { mean: number; sd: number } | null {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
  return sd > 0 ? { mean, sd } : null
}
