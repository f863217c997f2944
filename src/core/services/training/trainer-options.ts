import { DIAGNOSES } from '../../domain'
import { PAPER_AUGMENTATION } from '../../ml/augmentation'
import { PAPER_ADAM } from '../../ml/optimizers'
import type { Provider } from '../../ml/runtime'
import type { RunManifest } from './run-manifest'
import type { TrainRequest } from './train-client'

/** A run's description as the trainer takes it. */
export function trainerOptions(
  { plan, options, films }: RunManifest,
  provider: Provider
): TrainRequest['options'] {
  const values = plan.hyperparameters
  return {
    size: plan.size,
    filmsPerStep: values.filmsPerStep,
    batch: values.batch,
    epochs: values.epochs,
    patience: values.patience,
    schedule: {
      peak: values.learningRate,
      warmUpSteps: values.warmUpSteps,
      cosineSteps: values.cosine ? values.epochs * plan.stepsPerEpoch : null
    },
    optimizer: {
      ...PAPER_ADAM,
      weightDecay: values.weightDecay,
      decoupled: values.optimizer === 'adamw'
    },
    clipNorm: values.clipNorm,
    layerDecay: values.layerDecay,
    batchNorm: values.batchNorm,
    labelSmoothing: values.labelSmoothing,
    distillation: values.distillation,
    classWeights: classWeights(values.classWeights, films.train),
    augmentation: values.augmentation && plan.scope === 'all' ? PAPER_AUGMENTATION : null,
    seed: options.seed,
    provider
  }
}

/** balanced: films / (classes that occur * films of the class), as scikit-learn's; a class without films weighs nothing. */
function classWeights(kind: 'equal' | 'balanced', train: RunManifest['films']['train']): number[] {
  if (kind === 'equal') return DIAGNOSES.map(() => 1)
  const counts = DIAGNOSES.map(diagnosis => train.filter(({ label }) => label === diagnosis).length)
  const occurring = counts.filter(count => count > 0).length
  return counts.map(count => (count === 0 ? 0 : train.length / (occurring * count)))
}
