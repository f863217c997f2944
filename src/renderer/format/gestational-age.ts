/** Completed weeks and days as clinicians write them: 206 days -> '29+3'. */
export function formatGestationalAge(days: number | null): string {
  if (days === null) return '–'
  const whole = Math.round(days)
  return `${Math.floor(whole / 7)}+${whole % 7}`
}

/**
 * Reads '29+3', '29w3d', '29w', '29 3', '29.43' (decimal weeks) or '206' (days; two digits are weeks) as days.
 * @returns null where it is none of these; ranges are the caller's to check
 */
export function parseGestationalAge(text: string): number | null {
  const written = text.trim().toLowerCase()
  const pair = /^(\d{1,2})\s*(?:w|\+|\s|주)\s*(?:([0-6])\s*(?:d|일)?)?$/.exec(written)
  if (pair) return Number(pair[1]) * 7 + Number(pair[2] ?? 0)
  if (/^\d{2}(?:\.\d+)?$/.test(written)) return Math.round(Number(written) * 7)
  if (/^\d{3}$/.test(written)) return Number(written)
  return null
}
