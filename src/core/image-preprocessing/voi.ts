import type { VoiTransform } from '../domain'

/**
 * PS3.3 C.11.2: what a modality value becomes on a display range of 0 to 1.
 * LINEAR is C.11.2.1.2.1 (equation with the half-unit offsets), LINEAR_EXACT C.11.2.1.3.2, SIGMOID C.11.2.1.3.1.
 * A VOI LUT gives entry / (2^bits - 1); values outside it take its first or last entry.
 */
export function voiFunction(voi: VoiTransform): (value: number) => number {
  if (voi.kind === 'lut') {
    const { values, firstMapped } = voi
    const last = values.length - 1
    const highest = 2 ** voi.bits - 1
    return value => values[Math.min(last, Math.max(0, Math.round(value) - firstMapped))]! / highest
  }
  const { center, width } = voi
  switch (voi.function) {
    case 'SIGMOID':
      return value => 1 / (1 + Math.exp((-4 * (value - center)) / width))
    case 'LINEAR_EXACT':
      return value => clamp((value - center) / width + 0.5)
    case 'LINEAR':
      return value =>
        value <= center - 0.5 - (width - 1) / 2
          ? 0
          : value > center - 0.5 + (width - 1) / 2
            ? 1
            : (value - (center - 0.5)) / (width - 1) + 0.5
  }
}

function clamp(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value
}
