import type { FilmSort } from '../../../contract'

/** Columns of the Studies table; width in pixels, or a share of what is left ('1fr'). */
export interface StudyColumn {
  key: 'film' | 'patientKey' | 'series' | 'site' | 'filmTime' | 'ageHours' | 'viewPosition' | 'sex' | 'gaDays' | 'bwGrams' | 'contextState' | 'label' | 'predicted' | 'confidence' | 'path'
  sort?: FilmSort['key']
  width: string
  numeric?: boolean
}

export const STUDY_COLUMNS: StudyColumn[] = [
  { key: 'film', width: '44px' },
  { key: 'patientKey', sort: 'patientKey', width: 'minmax(96px, 1.2fr)' },
  { key: 'series', width: '52px', numeric: true },
  { key: 'site', sort: 'site', width: 'minmax(80px, 1fr)' },
  { key: 'filmTime', sort: 'filmTime', width: '128px' },
  { key: 'ageHours', sort: 'ageHours', width: '84px', numeric: true },
  { key: 'viewPosition', width: '56px' },
  { key: 'sex', width: '44px' },
  { key: 'gaDays', sort: 'gaDays', width: '60px', numeric: true },
  { key: 'bwGrams', sort: 'bwGrams', width: '72px', numeric: true },
  { key: 'contextState', sort: 'contextState', width: '112px' },
  { key: 'label', sort: 'label', width: '112px' },
  { key: 'predicted', sort: 'predicted', width: '112px' },
  { key: 'confidence', sort: 'confidence', width: '96px', numeric: true },
  { key: 'path', sort: 'path', width: 'minmax(120px, 1.6fr)' }
]

export const GRID_TEMPLATE = STUDY_COLUMNS.map(column => column.width).join(' ')
