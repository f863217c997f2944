import { createRandom, randomBits } from '../../../src/core/foundation'

/** Pooled features that tell classes apart, drawn in seconds for tens of thousands of films. */
export function createDrawnFeatures({ classes, channels }: { classes: number; channels: number }) {
  const random = createRandom(1, 'drawn-features')
  const centres = Array.from({ length: classes }, () =>
    Float32Array.from({ length: channels }, () => 0.25 * random.normal())
  )
  /** Writes the features of a film of class `k` into `out` [channels]. */
  return (film: number, k: number, out: Float32Array): void => {
    const centre = centres[k]!
    for (let c = 0; c < channels; c++) {
      // Sums of two uniforms: near enough to normal.
      const bits = randomBits(1, film, c)
      const noise = ((bits & 0xffff) + (bits >>> 16)) / 0xffff - 1
      out[c] = Math.max(0, 0.5 + 0.15 * centre[c]! + noise)
    }
  }
}
