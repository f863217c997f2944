/**
 * A film's own time, '2024-03-01 07:35': local time of the hospital as the file gives it, not turned into the reader's
 * zone.
 */
export function formatFilmTime(time: string | null): string {
  if (time === null) return '–'
  const [date = '', clock = ''] = time.split('T')
  return clock ? `${date} ${clock.slice(0, 5)}` : date
}
