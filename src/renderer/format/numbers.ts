/** Counts with thousands marks of the language: 43338 -> '43,338'. */
export function formatCount(count: number, locale: string): string {
  return new Intl.NumberFormat(locale).format(count)
}

/** A share 0..1 as whole percent; never rounds up to 100 or down to 0. */
export function formatPercent(share: number | null): string {
  if (share === null) return '–'
  const percent = Math.round(share * 100)
  if (percent === 100 && share < 1) return '>99%'
  if (percent === 0 && share > 0) return '<1%'
  return `${percent}%`
}

/** A metric between 0 and 1 with three decimals, as papers print it; a dash where it is undefined. */
export function formatMetric(value: number | null): string {
  return value === null ? '–' : value.toFixed(3)
}

/** A difference with its sign: 0.012 -> '+0.012', -0.2 -> '−0.200'. */
export function formatSigned(value: number): string {
  const digits = Math.abs(value).toFixed(3)
  return Number(digits) === 0 ? '0.000' : `${value < 0 ? '−' : '+'}${digits}`
}

/** Items per second with two significant digits below 10. */
export function formatRate(perSecond: number, locale: string): string {
  const digits = perSecond >= 10 ? 0 : 1
  return new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(perSecond)
}

/** File sizes in the largest binary unit that leaves at least one: 2097152 -> '2 MiB'. */
export function formatBytes(bytes: number, locale: string): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1024 ** power
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: value < 10 && power > 0 ? 1 : 0 }).format(value)} ${units[power]}`
}
