import { siteNamed, type PlannedInfant } from './plan-cohort'

/** Columns of the demo's table; GA, BW and sex are named and coded as the Korean Neonatal Network does. */
export const TABLE_COLUMNS = [
  'image',
  'hospital',
  'patient_id',
  'gaw',
  'gawd',
  'bwei',
  'sex',
  'birth_datetime',
  'film_datetime',
  'view',
  'diagnosis'
] as const

function quote(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

/** One line per film, UTF-8 with a byte order mark, as spreadsheets save it. */
export function demoTable(infants: readonly PlannedInfant[]): string {
  const lines = infants.flatMap(infant => {
    const site = siteNamed(infant.site)
    return infant.films.map(film =>
      [
        film.path,
        infant.site,
        infant.patient,
        infant.entered.gaWeeks,
        infant.entered.gaExtraDays,
        infant.entered.bw,
        infant.sex === 'M' ? '1' : '2',
        infant.bornAt.replace('T', ' '),
        film.takenAt.replace('T', ' '),
        'AP',
        site.labels[film.labelled]
      ]
        .map(quote)
        .join(',')
    )
  })
  return `\uFEFF${[TABLE_COLUMNS.join(','), ...lines].join('\r\n')}\r\n`
}
