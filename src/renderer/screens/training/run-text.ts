/** A figure to three significant digits, small ones as powers of ten: 0.4532 -> '0.453', 0.00003 -> '3e-5'. */
export function formatFigure(value: number): string {
  if (!Number.isFinite(value)) return '–'
  if (value !== 0 && Math.abs(value) < 1e-2) return Number(value.toPrecision(3)).toExponential()
  return String(Number(value.toPrecision(3)))
}

/** Loss and the like, always with three decimals, so that digits stand below each other. */
export function formatLoss(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–'
  return value.toFixed(3)
}
