/** Small variants of the paper's methods, in its order; ConvNeXt-T and Swin-T have none. */
export const SMALL_METHODS = [
  'resnet50-small',
  'early-fusion-small',
  'late-fusion-small',
  'se-resnet50-small',
  'cbam-resnet50-small',
  'ccgn-small'
] as const

/** A whole number as it was typed, or 'invalid'. */
export function wholeNumber(text: string, low: number, high: number): number | 'invalid' {
  const value = Number(text.trim())
  return text.trim() !== '' && Number.isInteger(value) && value >= low && value <= high ? value : 'invalid'
}
