import type { TrainingEvent } from '../../../contract'
import type { Provider } from '../../ml/runtime'
import type { RunManifest } from './run-manifest'
import type { TrainChildEvent } from './train-client'

/** Lines of the run's log for something that the child told. */
export function logEntries(
  event: Exclude<TrainChildEvent, { type: 'features' }>,
  { films }: RunManifest,
  provider: Provider
): TrainingEvent[] {
  switch (event.type) {
    case 'started':
      return [{ ...event, provider }]
    case 'checkpoint':
    case 'smaller-batch':
      return [event]
    case 'epoch': {
      const { loss, accuracy, macroF1, macroAuroc } = event.validation
      const { type, step, epoch, trainingLoss, best } = event
      return [{ type, step, epoch, trainingLoss, validationLoss: loss, accuracy, macroF1, macroAuroc, best }]
    }
    case 'step': {
      const { lost, batch: _batch, films: _films, ...step } = event
      return [
        step,
        ...lost.map(({ film, message }): TrainingEvent => ({
          type: 'film-lost',
          filmId: films.train[film]!.id,
          message
        }))
      ]
    }
  }
}
