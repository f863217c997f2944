import { codeOf } from './attributes'
import type { DataSet } from './dicom-parser'

/**
 * ISO 8601 of a DICOM date (DA) and time (TM), as precise as written: '2023-05-04', '2023-05-04T13:07',
 * '2023-05-04T13:07:09.25'. null where the date is absent or impossible; an impossible time is left out.
 */
export function isoDateTime(date: string | null, time: string | null): string | null {
  const day = /^(\d{4})[.:]?(\d{2})[.:]?(\d{2})$/.exec(date ?? '')
  if (!day) return null
  const [, year, month, dayOfMonth] = day
  const iso = `${year}-${month}-${dayOfMonth}`
  const parsed = new Date(`${iso}T00:00:00Z`)
  if (Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 10) !== iso) return null
  const clock = /^(\d{2}):?(\d{2})(?::?(\d{2})(\.\d{1,6})?)?$/.exec(time ?? '')
  if (!clock) return iso
  const [, hours, minutes, seconds, fraction] = clock
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds ?? 0) > 59) return iso
  return `${iso}T${hours}:${minutes}${seconds ? `:${seconds}${fraction ?? ''}` : ''}`
}

/**
 * When the film was taken: Acquisition DateTime (0008,002A), else the first of Acquisition (0008,0022), Content
 * (0008,0023) and Study (0008,0020) Date with its time. Timezone Offset From UTC (0008,0201) is appended to a time.
 */
export function acquiredAt(dataSet: DataSet): string | null {
  const offset = /^([+-]\d{2})(\d{2})$/.exec(codeOf(dataSet, 'x00080201') ?? '')
  const withZone = (iso: string | null) =>
    iso?.includes('T') && offset ? `${iso}${offset[1]}:${offset[2]}` : iso

  const written = /^(\d{8})(\d{4,6}(?:\.\d{1,6})?)?([+-]\d{4})?$/.exec(codeOf(dataSet, 'x0008002a') ?? '')
  if (written) {
    const iso = isoDateTime(written[1] ?? null, written[2] ?? null)
    const zone = written[3]
    if (iso) return zone && iso.includes('T') ? `${iso}${zone.slice(0, 3)}:${zone.slice(3)}` : withZone(iso)
  }
  const pairs = [
    ['x00080022', 'x00080032'],
    ['x00080023', 'x00080033'],
    ['x00080020', 'x00080030']
  ] as const
  for (const [date, time] of pairs) {
    const iso = isoDateTime(codeOf(dataSet, date), codeOf(dataSet, time))
    if (iso) return withZone(iso)
  }
  return null
}
