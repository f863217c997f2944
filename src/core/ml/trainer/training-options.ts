import type { AugmentationOptions } from '../augmentation'
import type { AdamOptions } from '../optimizers'
import type { Provider } from '../runtime'
import type { LearningRateSchedule } from './schedule'

export interface TrainingOptions {
  /** Side of the square image in pixels, whatever the entry. */
  size: number
  /** Films per optimizer step: they go through the graph together or, `batch` at a time, with their gradients added up. */
  filmsPerStep: number
  /** Films per pass through the graph; a divisor of filmsPerStep. */
  batch: number
  epochs: number
  /** Epochs without a lower validation loss after which training stops; null: never. */
  patience: number | null
  schedule: LearningRateSchedule
  optimizer: AdamOptions
  /** Gradients are scaled down together to this global norm; null: never. */
  clipNorm: number | null
  /** Which parameters learn, by name. */
  trains(name: string): boolean
  /** Factor on the learning rate by layer, counted back from the output; 1: the same everywhere. */
  layerDecay: number
  batchNorm: 'frozen' | 'batch'
  labelSmoothing: number
  /** Share of each target that the old model's probabilities give, 0 to 1: cross-entropy against a mixed target. */
  distillation: number
  classWeights: readonly number[]
  augmentation: AugmentationOptions | null
  seed: number
  provider: Provider
}
