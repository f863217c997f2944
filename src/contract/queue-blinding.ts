import type { QueueReason } from './queues'

/** What a reader who is blinded to it must not be told before the reading is saved. */
export const GIVES_AWAY: Record<QueueReason['kind'], 'nothing' | 'model' | 'others' | 'own' | 'context'> = {
  unlabelled: 'nothing',
  'ttn-rds-readers': 'others',
  'ttn-rds-model': 'model',
  'ttn-rds-course': 'others',
  'label-suspect': 'model',
  'implausible-context': 'context',
  'context-dependent': 'model',
  random: 'nothing',
  repeat: 'own',
  adjudication: 'others',
  margin: 'model',
  entropy: 'model',
  'core-set': 'model'
}
