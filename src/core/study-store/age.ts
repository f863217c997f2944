const DATE_AND_TIME = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?$/

/**
 * Hours from birth to film; null where either is missing or is a date without a time of day. Where only one of the two
 * names a time zone, both are taken as wall-clock times of the same place.
 */
export function ageInHours(birthTime: string | null, filmTime: string | null): number | null {
  const birth = DATE_AND_TIME.exec(birthTime ?? '')
  const film = DATE_AND_TIME.exec(filmTime ?? '')
  if (!birth || !film) return null
  const zoned = birth[2] !== undefined && film[2] !== undefined
  const milliseconds = (match: RegExpExecArray) => Date.parse(match[1]! + (zoned ? match[2]! : 'Z'))
  const hours = (milliseconds(film) - milliseconds(birth)) / 3_600_000
  return Number.isFinite(hours) ? hours : null
}
