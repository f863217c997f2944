import type { QueueKind, QueueReason } from '../../contract'

const percent = (share: number) => `${Math.round(100 * share)} %`

/** What each queue holds, in a line. */
export const QUEUE_SUMMARIES: Record<QueueKind, string> = {
  unlabelled: 'films without a label',
  'ttn-rds': 'TTN against RDS: between readers, label and model, or two films of an infant',
  'label-suspects': 'labels that cross-validation contradicts',
  'implausible-context': 'GA and BW that do not go together; one film per infant',
  'context-dependent': 'answers that change when GA and BW are replaced by the mean',
  'random-audit': 'all films in an order drawn by lot',
  repeats: 'films that you answered 14 days ago or earlier',
  adjudication: 'films on which the readers of a protocol differ',
  margin: 'unlabelled, smallest gap between the two likeliest classes first',
  entropy: 'unlabelled, least certain answer first',
  'core-set': 'unlabelled, farthest from everything labelled first'
}

/** Why a film is in a queue, in a sentence. */
export function describeReason(reason: QueueReason): string {
  switch (reason.kind) {
    case 'unlabelled':
      return 'has no label'
    case 'ttn-rds-readers':
      return `${reason.readings} readings, TTN and RDS among them`
    case 'ttn-rds-model':
      return `labelled ${reason.label}, model says ${reason.predicted} (${percent(reason.probability)})`
    case 'ttn-rds-course':
      return `labelled ${reason.label}, film ${reason.otherFilmId} of the infant ${reason.otherLabel}, ${Math.round(reason.hoursApart)} h apart`
    case 'label-suspect':
      return `labelled ${reason.label} (${percent(reason.labelProbability)}), cross-validation says ${reason.suggested} (${percent(reason.suggestedProbability)})`
    case 'implausible-context':
      return `GA and BW: ${reason.findings.join(', ')}${reason.zScore === null ? '' : ` (z ${reason.zScore.toFixed(1)})`}`
    case 'context-dependent':
      return `${reason.predicted} (${percent(reason.probability)}) becomes ${reason.predictedAtMean} (${percent(reason.probabilityAtMean)}) at mean GA and BW`
    case 'random':
      return 'drawn by lot'
    case 'repeat':
      return `answered by you ${reason.readAt.slice(0, 10)}`
    case 'adjudication':
      return `${reason.readings} readings: ${reason.classes.join(', ')}`
    case 'margin':
      return `${reason.first} only ${percent(reason.margin)} before ${reason.second}`
    case 'entropy':
      return `entropy ${reason.entropy.toFixed(2)} of 1`
    case 'core-set':
      return `distance ${reason.distance.toFixed(2)} of the farthest`
  }
}
