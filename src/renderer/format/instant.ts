/** A moment in the reader's own zone, to the minute; hours as hospitals write them, 0 to 23. */
export function formatInstant(iso: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'short',
    hourCycle: 'h23'
  }).format(new Date(iso))
}

/** The time of day of a moment of today, '16:34:49'. */
export function formatClock(iso: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'medium', hourCycle: 'h23' }).format(new Date(iso))
}

/** Time that a finished piece of work took, '3:05' or '1:02:03'; null while it runs. */
export function formatElapsed(from: string, to: string | null): string | null {
  if (to === null) return null
  const seconds = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000))
  const pad = (n: number) => String(n).padStart(2, '0')
  const minutes = Math.floor(seconds / 60)
  return minutes < 60
    ? `${minutes}:${pad(seconds % 60)}`
    : `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(seconds % 60)}`
}
