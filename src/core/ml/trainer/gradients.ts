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
  for (const values of tensors) {
    for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!
  }
  return Math.sqrt(sum)
}

/** Scales all tensors down together so that their global norm is at most `limit`, as torch.nn.utils.clip_grad_norm_. */
export function clipGlobalNorm(tensors: Iterable<Float32Array>, norm: number, limit: number): void {
  const factor = limit / (norm + 1e-6)
  if (factor >= 1) return
  for (const values of tensors) for (let i = 0; i < values.length; i++) values[i]! *= factor
}
