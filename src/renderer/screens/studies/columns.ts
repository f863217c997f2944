import type { ExportColumn, FilmSort, StudyColumn, StudyColumnKey } from '../../../contract'
import { COLUMN_WIDTHS } from '../../stores/study-columns'

/** What a column is, however wide: what it sorts by, how it is written to a file, its share of the width left over. */
export interface ColumnFacts {
  sort?: FilmSort['key']
  numeric?: boolean
  /** While it has the width that it comes with. */
  share?: number
  file: readonly ExportColumn[]
}

export const COLUMN_FACTS: Record<StudyColumnKey, ColumnFacts> = {
  film: { file: ['missing'] },
  patientKey: { sort: 'patientKey', share: 1, file: ['patientKey'] },
  series: { numeric: true, file: ['filmNumber', 'filmCount'] },
  site: { sort: 'site', share: 1, file: ['site'] },
  filmTime: { sort: 'filmTime', file: ['filmTime'] },
  ageHours: { sort: 'ageHours', numeric: true, file: ['ageHours'] },
  viewPosition: { sort: 'viewPosition', file: ['viewPosition'] },
  sex: { sort: 'sex', file: ['sex'] },
  gaDays: { sort: 'gaDays', numeric: true, file: ['gaDays'] },
  bwGrams: { sort: 'bwGrams', numeric: true, file: ['bwGrams'] },
  contextState: { sort: 'contextState', file: ['contextState'] },
  label: { sort: 'label', file: ['label', 'certainty'] },
  predicted: { sort: 'predicted', file: ['predicted'] },
  confidence: { sort: 'confidence', numeric: true, file: ['confidence'] },
  path: { sort: 'path', share: 2, file: ['path'] },
  labelledBy: { sort: 'labelledBy', file: ['labelledBy'] },
  splitSide: { sort: 'splitSide', file: ['splitSide'] },
  tags: { file: ['tags'] }
}

/** Of the leading column in which films are chosen. */
export const CHOICE_WIDTH = 32

/** Grid template of the choice and the columns shown. Where no column takes what is left over, it stays empty at the end. */
export function gridTemplate(columns: readonly StudyColumn[]): string {
  const tracks = columns.map(({ key, width }) => {
    const { share } = COLUMN_FACTS[key]
    return share !== undefined && width === COLUMN_WIDTHS[key].width
      ? `minmax(${width}px, ${share}fr)`
      : `${width}px`
  })
  const filler = tracks.some(track => track.endsWith('fr)')) ? [] : ['minmax(0, 1fr)']
  return [`${CHOICE_WIDTH}px`, ...tracks, ...filler].join(' ')
}

/** Below this the table scrolls sideways. */
export function leastWidth(columns: readonly StudyColumn[]): number {
  return columns.reduce((sum, { width }) => sum + width, CHOICE_WIDTH)
}
