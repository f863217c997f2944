/** Steps over which the loss is averaged. */
const WINDOW = 20
/** Steps that say where a run began: few, since a far too high learning rate needs no more than a window to run away. */
const BEGINNING = 3

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/**
 * Says when a run has left for good: the mean loss of the last steps is a multiple of where it began, of the lowest such
 * mean, and of what guessing costs, ln(classes), so that neither a hard batch nor a slow start is taken for it.
 */
export function createDivergenceWatch(classes: number): { hasDiverged(loss: number): boolean } {
  const losses: number[] = []
  let lowest = Infinity
  return {
    hasDiverged(loss) {
      losses.push(loss)
      if (losses.length > WINDOW) losses.shift()
      if (lowest === Infinity && losses.length === BEGINNING) lowest = meanOf(losses)
      if (losses.length < WINDOW) return false
      const mean = meanOf(losses)
      lowest = Math.min(lowest, mean)
      return mean > 3 * lowest && mean > 3 * Math.log(classes)
    }
  }
}
