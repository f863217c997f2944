import { DIAGNOSES } from '../../src/core/domain'
import type { ModelCard, TrainingRecord } from '../../src/core/model-registry'

/** For tests: the training of a model that reached `macroF1` on `films` validation films of one split. */
export function trainingRecord(
  change: Partial<TrainingRecord> = {},
  macroF1 = 0.6,
  films = 60
): TrainingRecord {
  const share = { precision: 0.6, recall: 0.6, f1: macroF1, auroc: 0.8 }
  return {
    parent: null,
    method: 'ccgn-small',
    scope: 'all',
    preset: 'paper',
    hyperparameters: { learningRate: 1e-4, classWeights: [1, 2, 1, 1, 1, 1] },
    data: {
      manifestHash: 'a'.repeat(64),
      films: { train: 240, validation: films },
      newLabels: 240,
      rehearsal: 0,
      history: { seq: 7, hash: 'b'.repeat(64) }
    },
    split: { id: 's1', name: 'By infant', manifestHash: 'c'.repeat(64) },
    code: { neogate: '0.1.0', onnxruntime: '1.27.0', node: '20.20.0' },
    provider: 'cpu',
    seed: 1,
    startedAt: '2026-01-01T00:00:00.000Z',
    finishedAt: '2026-01-01T00:10:00.000Z',
    epochs: 12,
    steps: 96,
    stopReason: 'patience',
    metrics: {
      validation: {
        films,
        loss: 0.9,
        accuracy: 0.61,
        macroF1,
        macroAuroc: 0.82,
        weightedF1: 0.6,
        perClass: Object.fromEntries(
          DIAGNOSES.map((diagnosis, k) => [
            diagnosis,
            k === 0
              ? { precision: null, recall: null, f1: null, auroc: null, films: 0 }
              : { ...share, films: films / 5 }
          ])
        ) as NonNullable<TrainingRecord['metrics']['validation']>['perClass']
      }
    },
    ...change
  }
}

/** The card of a model trained from another one's card. */
export function trainedCard(card: ModelCard, training: TrainingRecord): ModelCard {
  return { ...card, version: 2, trained: true, name: 'Trained', training }
}
