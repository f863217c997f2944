import { describe, expect, it } from 'vitest'
import type { FilmHeader } from '../../domain'
import { patientKeyFromPath, toRegistration, usablePatientId } from './film-registration'

const header: FilmHeader = {
  format: 'dicom',
  rows: 1,
  columns: 1,
  frames: 1,
  bitsStored: 12,
  samplesPerPixel: 1,
  photometric: 'MONOCHROME2',
  transferSyntax: null,
  sopClassUid: null,
  sopInstanceUid: '1.2.3',
  studyInstanceUid: null,
  seriesInstanceUid: null,
  modality: 'CR',
  patientId: 'DICOM-7',
  patientName: null,
  sex: 'O',
  institution: 'Ansan',
  acquiredAt: '2023-01-05T03:20:00',
  birthAt: '2023-01-04T01:00:00',
  viewPosition: 'AP',
  bodyPart: null,
  windows: [],
  spacing: null,
  burnedInAnnotation: null
}
const film = {
  id: 'f',
  root: '/films',
  found: { kind: 'file', path: 'P012/1.dcm', rawPath: null } as const,
  header,
  byteSize: 1,
  modifiedAt: '2023-01-06T00:00:00.000Z',
  fingerprint: 'x',
  filmsInFolder: 3,
  defaultSite: 'default',
  row: null
}

describe('patientKeyFromPath', () => {
  it.each([
    ['P0012/1.dcm', 3, 'P0012'],
    ['site A/003/films.dcm', 1, 'site A/003'],
    // Folders of many infants, however numbered, join nobody.
    ['hospital 12/1.dcm', 3, 'hospital 12/1'],
    ['h1/1.png', 3, 'h1/1'],
    ['2023-01-05/1.dcm', 3, '2023-01-05/1'],
    ['TS_RDS/0001.dcm', 3, 'TS_RDS/0001'],
    ['RDS/0001.dcm', 3, 'RDS/0001'],
    ['P0012/1.dcm', 61, 'P0012/1'],
    ['film.v2.png', 3, 'film.v2'],
    ['IM000001', 3, 'IM000001']
  ])('%s among %i files: %s', (path, files, key) => expect(patientKeyFromPath(path, files)).toBe(key))
})

describe('usablePatientId', () => {
  it.each(['', '  ', 'ANONYMOUS', 'anon123', '0000', 'XXX', 'Unknown', 'REMOVED'])(
    'does not trust %j',
    patientId => expect(usablePatientId({ ...header, patientId })).toBeNull()
  )
  it('takes an ID that tells infants apart', () => expect(usablePatientId(header)).toBe('DICOM-7'))
})

describe('toRegistration', () => {
  it('takes identity from the file where the table has none', () => {
    expect(toRegistration(film)).toMatchObject({
      patientKey: 'DICOM-7',
      site: 'Ansan',
      sex: null,
      birthTime: header.birthAt
    })
    const bare = { ...header, patientId: null, institution: null }
    expect(toRegistration({ ...film, header: bare })).toMatchObject({ patientKey: 'P012', site: 'default' })
    expect(toRegistration({ ...film, header: bare, defaultSite: null }).site).toBe('unknown')
  })

  it('puts the table before the file, but the more precise time of one day before the day', () => {
    const row = {
      line: 2,
      imageKey: '1',
      patientKey: 'T1',
      site: 'Guro',
      gaDays: null,
      bwGrams: null,
      sex: null,
      birthTime: '2023-01-04',
      filmTime: '2023-01-07',
      label: null,
      viewPosition: 'PA',
      problems: [],
      usable: true
    }
    expect(toRegistration({ ...film, row })).toMatchObject({
      patientKey: 'T1',
      site: 'Guro',
      birthTime: '2023-01-04T01:00:00',
      filmTime: '2023-01-07',
      viewPosition: 'PA'
    })
  })
})
