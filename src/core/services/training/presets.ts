import type { Hyperparameters, TrainingPreset, TrainingScope } from '../../../contract'

/** The paper's settings; what it leaves open (patience, warm-up, weights) is ours and plain. */
const PAPER: Hyperparameters = {
  epochs: 100,
  filmsPerStep: 32,
  batch: null,
  learningRate: 1e-4,
  warmUpSteps: 0,
  cosine: false,
  weightDecay: 1e-5,
  optimizer: 'adam',
  clipNorm: null,
  patience: 10,
  labelSmoothing: 0,
  classWeights: 'equal',
  distillation: 0,
  layerDecay: 1,
  batchNorm: 'batch',
  augmentation: true,
  checkpointSteps: 50
}

/** Learning a little more without losing what is known: frozen statistics, clipped gradients, the parent as a teacher. */
const INCREMENTAL: Hyperparameters = {
  ...PAPER,
  epochs: 30,
  warmUpSteps: 20,
  cosine: true,
  clipNorm: 1,
  patience: 5,
  distillation: 0.3,
  batchNorm: 'frozen'
}

/** The fewer layers learn, the faster they may; what lies deeper moves less. */
const BY_SCOPE: Record<TrainingScope, Partial<Hyperparameters>> = {
  head: { learningRate: 1e-3, checkpointSteps: 1000 },
  'last-stage': { learningRate: 1e-4, layerDecay: 0.8 },
  all: { learningRate: 3e-5, layerDecay: 0.8 }
}

export function presetValues(preset: TrainingPreset, scope: TrainingScope): Hyperparameters {
  return preset === 'paper' ? PAPER : { ...INCREMENTAL, ...BY_SCOPE[scope] }
}
