/** Steps over which the loss is averaged. */
const WINDOW = 20

/**
 * Says when a run has left for good: the mean loss of the last steps is a multiple of the loss it began with (that of
 * the first step, before any change), of the lowest such mean, and of what guessing costs, ln(classes), so that neither
 * a hard batch nor a slow start is taken for it.
 */
export function createDivergenceWatch(classes: number): { hasDiverged(loss: number): boolean } {
  const losses: number[] = []
  let lowest = Infinity
  return {
    hasDiverged(loss) {
      if (lowest === Infinity) lowest = loss
      losses.push(loss)
      if (losses.length > WINDOW) losses.shift()
      if (losses.length < WINDOW) return false
      const mean = losses.reduce((sum, value) => sum + value, 0) / WINDOW
      lowest = Math.min(lowest, mean)
      return mean > 3 * lowest && mean > 3 * Math.log(classes)
    }
  }
}
