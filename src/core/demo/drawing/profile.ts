/** A quantity along one axis, given by control points and looked up from a fine table. */
export interface Profile {
  at(position: number): number
}

const STEP = 0.25

/**
 * Smooth curve through control points (monotone cubic, Fritsch and Carlson 1980), constant beyond its ends.
 * @param points ordered by position
 */
export function createProfile(points: readonly (readonly [position: number, value: number])[]): Profile {
  const n = points.length
  const x = points.map(point => point[0])
  const y = points.map(point => point[1])
  const secant = x.slice(1).map((_, i) => (y[i + 1]! - y[i]!) / (x[i + 1]! - x[i]!))
  const tangent = x.map((_, i) => {
    const before = secant[i - 1] ?? 0
    const after = secant[i] ?? 0
    return i === 0 || i === n - 1 || before * after <= 0 ? 0 : (2 * before * after) / (before + after)
  })
  const low = x[0]!
  const table = new Float32Array(Math.ceil((x[n - 1]! - low) / STEP) + 1)
  let i = 0
  for (let k = 0; k < table.length; k++) {
    const position = Math.min(low + k * STEP, x[n - 1]!)
    while (i < n - 2 && position > x[i + 1]!) i++
    const width = x[i + 1]! - x[i]!
    const t = (position - x[i]!) / width
    table[k] =
      y[i]! * (2 * t ** 3 - 3 * t ** 2 + 1) +
      tangent[i]! * width * (t ** 3 - 2 * t ** 2 + t) +
      y[i + 1]! * (3 * t ** 2 - 2 * t ** 3) +
      tangent[i + 1]! * width * (t ** 3 - t ** 2)
  }
  return new SampledProfile(low, table)
}

/** A class, since one shared `at` is compiled once for all profiles: it is looked up for every sample of a film. */
class SampledProfile implements Profile {
  constructor(
    private readonly low: number,
    private readonly table: Float32Array
  ) {}

  at(position: number): number {
    const last = this.table.length - 1
    const index = (position - this.low) / STEP
    return this.table[index <= 0 ? 0 : index >= last ? last : (index + 0.5) | 0]!
  }
}

export function smoothstep(from: number, to: number, value: number): number {
  const t = (value - from) / (to - from)
  return t <= 0 ? 0 : t >= 1 ? 1 : t * t * (3 - 2 * t)
}
