/**
 * Sum over channels of factor_c F_c(x, y): with factor = W_k * A the class activation map of class k, whose mean over the
 * places is the class's logit less what does not depend on F.
 * @param features F [channels, cells]
 * @param factors [channels]
 * @returns [cells]
 */
export function weightedMap(features: Float32Array, factors: ArrayLike<number>): Float32Array {
  const cells = features.length / factors.length
  const map = new Float64Array(cells)
  for (let c = 0; c < factors.length; c++) {
    const factor = factors[c]!
    if (factor === 0) continue
    for (let cell = 0, at = c * cells; cell < cells; cell++, at++) map[cell]! += factor * features[at]!
  }
  return Float32Array.from(map)
}

/** Mean of a square plane [side * side] over each cell of a grid laid over it. Cells share pixels that lie between them. */
export function cellMeans(plane: Float32Array, side: number, rows: number, columns: number): Float32Array {
  const means = new Float32Array(rows * columns)
  for (let row = 0; row < rows; row++) {
    const top = Math.floor((row * side) / rows)
    const bottom = Math.max(top + 1, Math.ceil(((row + 1) * side) / rows))
    for (let column = 0; column < columns; column++) {
      const left = Math.floor((column * side) / columns)
      const right = Math.max(left + 1, Math.ceil(((column + 1) * side) / columns))
      let sum = 0
      for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) sum += plane[y * side + x]!
      means[row * columns + column] = sum / ((bottom - top) * (right - left))
    }
  }
  return means
}
