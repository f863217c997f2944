import type { Evaluation, Figure } from '../../../contract'

/** 0.873 (0.861 to 0.884) */
export function figureText(figure: Figure, digits = 3): string {
  if (!figure) return '–'
  const { estimate, low, high } = figure
  const interval = low === null || high === null ? '' : ` (${low.toFixed(digits)} to ${high.toFixed(digits)})`
  return `${estimate.toFixed(digits)}${interval}`
}

/** +0.012 (−0.003 to +0.027) */
export function differenceText(figure: Figure): string {
  if (!figure) return '–'
  const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`
  const { estimate, low, high } = figure
  const interval = low === null || high === null ? '' : ` (${signed(low)} to ${signed(high)})`
  return `${signed(estimate)}${interval}`
}

export function setText({ kind, side, split }: Evaluation['summary']['set']): string {
  if (kind === 'all') return 'all labelled films outside of locked test sides'
  return `the ${side === 'test' ? 'locked test' : side} side of the split “${split!.name}”`
}
