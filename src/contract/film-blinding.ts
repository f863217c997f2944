import { blindTo, type Telling } from './blinding'
import type { FacetKey } from './films'
import type { StudyColumnKey } from './study-views'

export const TELLS_LABELS: Telling = ['others', 'own']
export const TELLS_ANY: Telling = blindTo.options
const TELLS_CONTEXT: Telling = ['context']

/** What of a film a column of the Studies table tells, as does an order by it. Folders are often called after a class or a reader. */
export const COLUMN_TELLS: Partial<Record<StudyColumnKey, Telling>> = {
  label: TELLS_LABELS,
  labelledBy: TELLS_LABELS,
  tags: TELLS_LABELS,
  predicted: ['model'],
  confidence: ['model'],
  sex: TELLS_CONTEXT,
  gaDays: TELLS_CONTEXT,
  bwGrams: TELLS_CONTEXT,
  contextState: TELLS_CONTEXT,
  path: TELLS_ANY
}

/** What a filter by a facet tells, and the counts of its values. */
export const FACET_TELLS: Partial<Record<FacetKey, Telling>> = {
  label: TELLS_LABELS,
  labelState: TELLS_LABELS,
  certainty: TELLS_LABELS,
  finding: TELLS_LABELS,
  device: TELLS_LABELS,
  predicted: ['model'],
  confidenceBand: ['model'],
  agreement: ['model', ...TELLS_LABELS],
  sex: TELLS_CONTEXT,
  gaBand: TELLS_CONTEXT,
  bwBand: TELLS_CONTEXT,
  contextState: TELLS_CONTEXT
}
