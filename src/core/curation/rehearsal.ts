import { gaBand } from '../domain'
import { createRandom } from '../foundation'

export interface RehearsalCandidate {
  id: string
  label: string
  gaDays: number | null
  site: string
}

/**
 * Films of earlier training to go over again beside new ones, so that what was learnt is kept: drawn in turn from every
 * class x GA band x site that occurs, so that each is represented as evenly as its films allow.
 * @returns ids, at most `count`; the same for the same candidates in any order and the same seed
 */
export function chooseRehearsal(
  candidates: readonly RehearsalCandidate[],
  count: number,
  seed: number
): string[] {
  const strata = new Map<string, string[]>()
  for (const { id, label, gaDays, site } of candidates) {
    const key = JSON.stringify([label, gaBand(gaDays), site])
    const ids = strata.get(key)
    if (ids) ids.push(id)
    else strata.set(key, [id])
  }
  const keys = createRandom(seed, 'rehearsal').shuffle([...strata.keys()].sort())
  const queues = keys.map(key => createRandom(seed, `rehearsal/${key}`).shuffle(strata.get(key)!.sort()))
  const chosen: string[] = []
  for (let turn = 0; chosen.length < Math.min(count, candidates.length); turn++) {
    for (const queue of queues) {
      if (turn < queue.length && chosen.length < count) chosen.push(queue[turn]!)
    }
  }
  return chosen
}
