import type { Random } from '../../foundation'

export interface AugmentationOptions {
  /** Chance of mirroring left and right. It swaps sides: a switch, because a left pneumothorax then becomes a right one. */
  flip: number
  /** Brightness shift, drawn from [-brightness, brightness] of the display range. */
  brightness: number
  /** Contrast factor about the film's mean, drawn from [1 - contrast, 1 + contrast]. */
  contrast: number
}

/** The paper names flip, brightness and contrast, but no amounts; these are ours. */
export const PAPER_AUGMENTATION: AugmentationOptions = { flip: 0.5, brightness: 0.1, contrast: 0.1 }

/**
 * A changed copy of a film in display values 0..1, clipped to that range.
 * @param plane [side * side], row-major
 */
export function augment(
  plane: Float32Array,
  side: number,
  { flip, brightness, contrast }: AugmentationOptions,
  random: Random
): Float32Array {
  const mirrored = random.chance(flip)
  const shift = random.between(-brightness, brightness)
  const factor = random.between(1 - contrast, 1 + contrast)
  const mean = plane.reduce((sum, value) => sum + value, 0) / plane.length
  const out = new Float32Array(plane.length)
  for (let row = 0; row < side; row++) {
    const start = row * side
    for (let column = 0; column < side; column++) {
      const value = plane[start + (mirrored ? side - 1 - column : column)]!
      out[start + column] = Math.min(1, Math.max(0, (value - mean) * factor + mean + shift))
    }
  }
  return out
}
