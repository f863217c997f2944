import { createRandom } from '../foundation'
import { ordered, type QueuedFilm, type QueueFilm } from './types'

/** Films in an order drawn by lot; the first n are a simple random sample of them all. */
export function randomAudit(films: readonly QueueFilm[], seed: number): QueuedFilm[] {
  const ids = films.map(({ id }) => id).sort()
  return createRandom(seed, 'random-audit')
    .shuffle(ids)
    .map((filmId, place) => ({ filmId, score: 1 - place / ids.length, reasons: [{ kind: 'random' }] }))
}

/** Films that a reader answered long enough ago to read them again, in an order drawn by lot. */
export function repeats(
  readAt: ReadonlyMap<string, string>,
  { before, seed }: { before: string; seed: number }
): QueuedFilm[] {
  const due = [...readAt].filter(([, at]) => at < before).sort(([a], [b]) => (a < b ? -1 : 1))
  return createRandom(seed, 'repeats')
    .shuffle(due)
    .map(([filmId, at], place) => ({
      filmId,
      score: 1 - place / due.length,
      reasons: [{ kind: 'repeat', readAt: at }]
    }))
}

/**
 * A queue with a random sample of all films mixed in, so that error rates can be told without bias: what a queue chose is
 * no sample of anything. The sample is drawn first, from every film, those of the queue included; a film that is in both
 * comes at its random place and keeps its reasons.
 * @param share of the mixed list that is random, 0 to 1
 * @param count films of the mixed list
 */
export function mixRandom(
  queue: readonly QueuedFilm[],
  films: readonly QueueFilm[],
  { share, count, seed }: { share: number; count: number; seed: number }
): { film: QueuedFilm; random: boolean }[] {
  const random = Math.min(films.length, Math.round(share * Math.min(count, queue.length / (1 - share || 1))))
  const sample = randomAudit(films, seed).slice(0, random)
  const drawn = new Set(sample.map(({ filmId }) => filmId))
  const chosen = ordered(queue).filter(({ filmId }) => !drawn.has(filmId))
  const reasonsOf = new Map(queue.map(({ filmId, reasons }) => [filmId, reasons]))
  const kept = chosen.slice(0, Math.max(0, count - random))
  const places = createRandom(seed, 'mix').shuffle([...kept.map(() => false), ...sample.map(() => true)])
  let nextKept = 0
  let nextDrawn = 0
  return places.map(isRandom => {
    if (!isRandom) return { film: kept[nextKept++]!, random: false }
    const film = sample[nextDrawn++]!
    return {
      film: { ...film, reasons: [...film.reasons, ...(reasonsOf.get(film.filmId) ?? [])] },
      random: true
    }
  })
}
