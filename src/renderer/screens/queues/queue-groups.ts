import type { QueueKind } from '../../../contract'

/** Queues by what a reader comes for. */
export const QUEUE_GROUPS: { name: 'check' | 'label' | 'measure'; kinds: QueueKind[] }[] = [
  {
    name: 'check',
    kinds: ['ttn-rds', 'label-suspects', 'implausible-context', 'context-dependent', 'adjudication']
  },
  { name: 'label', kinds: ['unlabelled', 'margin', 'entropy', 'core-set'] },
  { name: 'measure', kinds: ['random-audit', 'repeats'] }
]

export const ALL_QUEUES = QUEUE_GROUPS.flatMap(({ kinds }) => kinds)
