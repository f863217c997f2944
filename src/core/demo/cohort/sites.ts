import type { Diagnosis } from '../../domain'

/** How one made-up hospital stores and exposes its films, each in a way that real ones do. */
export interface Site {
  /** Folder below the demo's, and name in the table. */
  name: string
  institution: string
  /** Share of the infants. */
  share: number
  format: 'explicit-le' | 'implicit-le' | 'jpeg-lossless' | 'png'
  inverted: boolean
  /** What the header says of display. */
  window: 'one' | 'several' | 'lut' | 'none'
  shutter: boolean
  mmPerPixel: number
  /** Narrowest and widest matrix; the field is collimated between them. */
  columns: readonly [number, number]
  /** Height of the field against its width. */
  tallness: readonly [number, number]
  quanta: number
  scatter: number
  equalisation: number
  /** Stored values of the thinnest and the thickest part of the body. */
  values: readonly [number, number]
  patientPrefix: string
  /** @returns path below the site's folder, '/' between parts */
  path(film: { patient: string; date: string; time: string; number: number; serial: number }): string
  /** What the site writes in the table for each class. */
  labels: Readonly<Record<Diagnosis, string>>
  /** The weight at study is in the header: a trap, it is not the birth weight. */
  writesWeight: boolean
}

const CODES: Record<Diagnosis, string> = {
  BPD: 'BPD',
  ALS: 'ALS',
  Atelectasis: 'Atelectasis',
  Normal: 'Normal',
  RDS: 'RDS',
  TTN: 'TTN'
}

export const SITES: readonly Site[] = [
  {
    name: 'hanbit',
    institution: 'Synthetic Hanbit University Hospital',
    share: 0.3,
    format: 'explicit-le',
    inverted: false,
    window: 'one',
    shutter: true,
    mmPerPixel: 0.14,
    columns: [900, 1120],
    tallness: [1.02, 1.15],
    quanta: 6500,
    scatter: 0.22,
    equalisation: 0.5,
    values: [640, 3150],
    patientPrefix: 'HB',
    path: ({ patient, date, number }) => `${patient}/${date}/CR${String(number).padStart(4, '0')}.dcm`,
    labels: CODES,
    writesWeight: false
  },
  {
    name: '한국대병원',
    institution: 'Synthetic Hankuk University Hospital',
    share: 0.25,
    format: 'jpeg-lossless',
    inverted: false,
    window: 'several',
    shutter: true,
    mmPerPixel: 0.15,
    columns: [880, 1060],
    tallness: [1, 1.1],
    quanta: 4200,
    scatter: 0.3,
    equalisation: 0.38,
    values: [420, 2900],
    patientPrefix: '합성',
    path: ({ patient, date, time }) => `${patient}/흉부_${date}_${time}.dcm`,
    labels: {
      BPD: '기관지폐이형성증',
      ALS: '공기누출증후군',
      Atelectasis: '무기폐',
      Normal: '정상',
      RDS: '호흡곤란증후군',
      TTN: '신생아일과성빈호흡'
    },
    writesWeight: true
  },
  {
    name: 'riverside',
    institution: 'Synthetic Riverside Children Hospital',
    share: 0.18,
    format: 'implicit-le',
    inverted: true,
    window: 'lut',
    shutter: true,
    mmPerPixel: 0.15,
    columns: [860, 1050],
    tallness: [1.05, 1.2],
    quanta: 3200,
    scatter: 0.34,
    equalisation: 0.3,
    values: [500, 3300],
    patientPrefix: 'RS',
    path: ({ patient, number }) => `${patient}_${String(number).padStart(2, '0')}.dcm`,
    labels: {
      BPD: 'bronchopulmonary dysplasia',
      ALS: 'air leak syndrome',
      Atelectasis: 'atelectasis',
      Normal: 'normal',
      RDS: 'respiratory distress syndrome',
      TTN: 'transient tachypnea of the newborn'
    },
    writesWeight: false
  },
  {
    name: 'coastal-export',
    institution: 'Synthetic Coastal Perinatal Centre',
    share: 0.15,
    format: 'png',
    inverted: false,
    window: 'none',
    shutter: true,
    mmPerPixel: 0.16,
    columns: [820, 980],
    tallness: [1, 1.12],
    quanta: 5200,
    scatter: 0.26,
    equalisation: 0.6,
    values: [700, 3000],
    patientPrefix: 'CO',
    path: ({ patient, number }) => `images/${patient}-${number}.png`,
    labels: CODES,
    writesWeight: false
  },
  {
    name: 'hillside',
    institution: 'Synthetic Hillside General Hospital',
    share: 0.12,
    format: 'explicit-le',
    inverted: false,
    window: 'none',
    shutter: false,
    mmPerPixel: 0.15,
    columns: [860, 1040],
    tallness: [1.05, 1.25],
    quanta: 2600,
    scatter: 0.3,
    equalisation: 0.25,
    values: [300, 3500],
    patientPrefix: 'HS',
    path: ({ serial }) => `DICOM/IM${String(serial).padStart(6, '0')}`,
    labels: {
      BPD: 'BPD',
      ALS: 'Air leak',
      Atelectasis: 'ATELECTASIS',
      Normal: 'normal',
      RDS: 'rds',
      TTN: 'ttn'
    },
    writesWeight: true
  }
]
