import { createRandom } from '../../foundation'
import { float32, type Tensor } from '../graph'
import type { RandomBranch } from '../training-step'

/**
 * Which films of a batch go without which residual branch: drawn from (seed, epoch, film, branch) alone, so that it
 * depends neither on how films are batched nor on where a run was resumed.
 */
export function branchFactors(
  branches: readonly RandomBranch[],
  { seed, epoch, films, batch }: { seed: number; epoch: number; films: readonly number[]; batch: number }
): Record<string, Tensor> {
  const random = createRandom(seed, `depth/${epoch}`)
  return Object.fromEntries(
    branches.map(({ input, probability }) => {
      const factors = new Float32Array(batch).fill(1)
      films.forEach((film, place) => {
        factors[place] = random.fork(`${film}/${input}`).chance(probability) ? 0 : 1 / (1 - probability)
      })
      return [input, float32([batch], factors)]
    })
  )
}
