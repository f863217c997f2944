/** Birth weight in whole grams: 1250 -> '1250 g'. No thousands mark, as on charts. */
export function formatBirthWeight(grams: number | null): string {
  return grams === null ? '–' : `${Math.round(grams)} g`
}
