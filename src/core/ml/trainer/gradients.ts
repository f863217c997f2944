/** Sum of tensors of one shape; a single one is given back as it is. */
export function addUp(parts: readonly Float32Array[]): Float32Array {
  if (parts.length === 1) return parts[0]!
  const sum = parts[0]!.slice()
  for (const part of parts.slice(1)) for (let i = 0; i < sum.length; i++) sum[i]! += part[i]!
  return sum
}

/** Euclidean norm over all tensors together. */
export function globalNorm(tensors: Iterable<Float32Array>): number {
  let sum = 0
  for (const values of tensors) sum += sumOfSquares(values)
  return Math.sqrt(sum)
}

/**
 * In double precision, so that it is finite exactly when every value is. Four sums at a time, since each addition to one
 * sum waits for the last.
 */
export function sumOfSquares(values: Float32Array): number {
  let [a, b, c, d] = [0, 0, 0, 0]
  const whole = values.length - (values.length % 4)
  for (let i = 0; i < whole; i += 4) {
    a += values[i]! * values[i]!
    b += values[i + 1]! * values[i + 1]!
    c += values[i + 2]! * values[i + 2]!
    d += values[i + 3]! * values[i + 3]!
  }
  for (let i = whole; i < values.length; i++) a += values[i]! * values[i]!
  return a + b + (c + d)
}

/** Scales all tensors down together so that their global norm is at most `limit`, as torch.nn.utils.clip_grad_norm_. */
export function clipGlobalNorm(tensors: Iterable<Float32Array>, norm: number, limit: number): void {
  const factor = limit / (norm + 1e-6)
  if (factor >= 1) return
  for (const values of tensors) for (let i = 0; i < values.length; i++) values[i]! *= factor
}
