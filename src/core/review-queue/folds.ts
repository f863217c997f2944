import { createRandom } from '../foundation'

/**
 * Fold 0..folds-1 of each film, all films of an infant in one. Infants are dealt out, those with most films first, each to
 * the fold that has fewest films of the infant's own classes, so that classes are spread alike.
 * @param labels class index of each film
 */
export function groupedFolds(
  infants: readonly string[],
  labels: ArrayLike<number>,
  folds: number,
  seed: number
): Int32Array {
  const members = new Map<string, number[]>()
  infants.forEach((infant, film) => {
    const list = members.get(infant)
    if (list) list.push(film)
    else members.set(infant, [film])
  })
  const shuffled = createRandom(seed, 'folds')
    .shuffle([...members.keys()].sort())
    .sort((a, b) => members.get(b)!.length - members.get(a)!.length)
  const ofClass = Array.from({ length: folds }, () => new Map<number, number>())
  const totals = new Array<number>(folds).fill(0)
  const foldOf = new Int32Array(infants.length)
  for (const infant of shuffled) {
    const films = members.get(infant)!
    let best = 0
    let lowest = Infinity
    for (let fold = 0; fold < folds; fold++) {
      const alike = films.reduce((sum, film) => sum + (ofClass[fold]!.get(labels[film]!) ?? 0), 0)
      const load = alike / films.length + totals[fold]! / infants.length
      if (load < lowest) [best, lowest] = [fold, load]
    }
    for (const film of films) {
      foldOf[film] = best
      ofClass[best]!.set(labels[film]!, (ofClass[best]!.get(labels[film]!) ?? 0) + 1)
    }
    totals[best]! += films.length
  }
  return foldOf
}
