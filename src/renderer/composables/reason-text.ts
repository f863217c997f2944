import { useI18n } from 'vue-i18n'
import type { Diagnosis, QueueReason } from '../../contract'
import { formatHoursOfLife, formatInstant, formatPercent } from '../format'

/** Why a film is in a queue, as a sentence in the reader's language. */
export function useReasonText(): (reason: QueueReason) => string {
  const { t, locale } = useI18n()
  const short = (diagnosis: Diagnosis) => t(`diagnosis.${diagnosis}.short`)

  /** The particulars of each sentence, by the names that the sentence gives them. */
  function particulars(reason: QueueReason): Record<string, string | number> {
    switch (reason.kind) {
      case 'unlabelled':
      case 'random':
        return {}
      case 'ttn-rds-readers':
        return { n: reason.readings }
      case 'ttn-rds-model':
        return {
          label: short(reason.label),
          predicted: short(reason.predicted),
          p: formatPercent(reason.probability)
        }
      case 'ttn-rds-course':
        return {
          label: short(reason.label),
          other: short(reason.otherLabel),
          hours: formatHoursOfLife(Math.abs(reason.hoursApart), locale.value)
        }
      case 'label-suspect':
        return {
          label: short(reason.label),
          p: formatPercent(reason.labelProbability),
          suggested: short(reason.suggested),
          q: formatPercent(reason.suggestedProbability)
        }
      case 'implausible-context':
        return {
          state: t(`context.${reason.state}`),
          findings: reason.findings.map(kind => t(`reading.finding.${kind}.name`)).join(', ') || '–',
          z: reason.zScore === null ? '–' : reason.zScore.toFixed(1).replace('-', '−')
        }
      case 'context-dependent':
        return {
          predicted: short(reason.predicted),
          p: formatPercent(reason.probability),
          mean: short(reason.predictedAtMean),
          q: formatPercent(reason.probabilityAtMean)
        }
      case 'repeat':
        return { at: formatInstant(reason.readAt, locale.value) }
      case 'adjudication':
        return { n: reason.readings, classes: reason.classes.map(short).join(', ') }
      case 'margin':
        return {
          first: short(reason.first),
          second: short(reason.second),
          margin: formatPercent(reason.margin)
        }
      case 'entropy':
        return { share: formatPercent(reason.entropy) }
      case 'core-set':
        return { distance: reason.distance.toFixed(2) }
    }
  }

  return reason => t(`queues.reason.${reason.kind}`, particulars(reason))
}
