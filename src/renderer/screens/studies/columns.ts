import type { FilmSort } from '../../../contract'

/** A column of the Studies table: its least width in pixels, and its share of the width left over. */
export interface StudyColumn {
  key:
    | 'film'
    | 'patientKey'
    | 'series'
    | 'site'
    | 'filmTime'
    | 'ageHours'
    | 'viewPosition'
    | 'sex'
    | 'gaDays'
    | 'bwGrams'
    | 'contextState'
    | 'label'
    | 'predicted'
    | 'confidence'
    | 'path'
  sort?: FilmSort['key']
  width: number
  share?: number
  numeric?: boolean
}

export const STUDY_COLUMNS: StudyColumn[] = [
  { key: 'film', width: 44 },
  { key: 'patientKey', sort: 'patientKey', width: 88, share: 1 },
  { key: 'series', width: 44, numeric: true },
  { key: 'site', sort: 'site', width: 100, share: 1 },
  { key: 'filmTime', sort: 'filmTime', width: 132 },
  { key: 'ageHours', sort: 'ageHours', width: 84, numeric: true },
  { key: 'viewPosition', width: 48 },
  { key: 'sex', width: 40 },
  { key: 'gaDays', sort: 'gaDays', width: 64, numeric: true },
  { key: 'bwGrams', sort: 'bwGrams', width: 72, numeric: true },
  { key: 'contextState', sort: 'contextState', width: 108 },
  { key: 'label', sort: 'label', width: 100 },
  { key: 'predicted', sort: 'predicted', width: 108 },
  { key: 'confidence', sort: 'confidence', width: 88, numeric: true },
  { key: 'path', sort: 'path', width: 120, share: 2 }
]

export const GRID_TEMPLATE = STUDY_COLUMNS.map(({ width, share }) =>
  share ? `minmax(${width}px, ${share}fr)` : `${width}px`
).join(' ')

/** Below this the table scrolls sideways. */
export const GRID_MIN_WIDTH = STUDY_COLUMNS.reduce((sum, column) => sum + column.width, 0)
