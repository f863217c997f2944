import { describe, expect, it } from 'vitest'
import { createDivergenceWatch } from './divergence'

const CLASSES = 6
/** @returns the step, from 1, at which the run was given up, or null */
function givenUp(losses: number[]): number | null {
  const watch = createDivergenceWatch(CLASSES)
  const index = losses.findIndex(loss => watch.hasDiverged(loss))
  return index < 0 ? null : index + 1
}
const steps = (count: number, loss: (step: number) => number) =>
  Array.from({ length: count }, (_, step) => loss(step))

describe('the divergence watch', () => {
  it('gives up a run that leaves from its first change on and then stays where it is', () => {
    // A head on drawn films at a learning rate of 10: 1.2, then tens, then about a hundred.
    expect(givenUp([1.2, 9, 30, 42, ...steps(40, step => 90 + 20 * Math.sin(step))])).toBe(20)
  })

  it('gives up a run that leaves late', () => {
    expect(givenUp([...steps(100, step => 1.8 - step / 100), ...steps(20, () => 60)])).toBeGreaterThan(100)
  })

  it('keeps a run that begins far off and comes down slowly', () => {
    expect(givenUp(steps(200, step => 40 - step / 10))).toBeNull()
  })

  it('keeps a run that meets a hard batch, or whose first batch was an easy one', () => {
    expect(givenUp(steps(200, step => (step === 90 ? 50 : 1.5)))).toBeNull()
    expect(givenUp([0.01, ...steps(100, () => 4)])).toBeNull()
  })
})
