import type { LargeProject } from '../support/large-project'
import { percentile } from '../support/measure'

/**
 * One label for all films, its undo and redo: how long each takes, how long the event loop is held meanwhile, how long a
 * scroll step through the table waits, how soon progress is told and how far its time left is off.
 */
export async function measureChangeOfAll({
  studies,
  labels,
  films
}: Pick<LargeProject, 'studies' | 'labels' | 'films'>): Promise<void> {
  const query = {
    filter: { text: '', facets: {} },
    sort: { key: 'site', direction: 'ascending' }
  } as const
  await studies.query(query, 0, 100)
  const value = { diagnosis: 'Normal', certainty: 'unsure' } as const
  const change = {
    labels: films.map(({ id }) => ({ filmId: id, value })),
    contexts: [],
    reader: 'bench',
    reason: '',
    seen: await labels.head()
  }
  type Watching = Parameters<typeof labels.undo>[1]
  const ways: [string, (watching: Watching) => Promise<unknown>][] = [
    ['a label for all films', watching => labels.changeMany(change, watching)],
    ['its undo', watching => labels.undo('bench', watching)],
    ['its redo', watching => labels.redo('bench', watching)]
  ]
  for (const [name, work] of ways) {
    await studies.query(query, 0, 100)
    const start = performance.now()
    const told: { at: number; share: number }[] = []
    const holds: number[] = []
    const scrolls: number[] = []
    let turn = start
    let running = true
    const scrolling = (async () => {
      for (let step = 0; running; step++) {
        const now = performance.now()
        holds.push(now - turn)
        turn = now
        if (step % 10 === 0) {
          const asked = performance.now()
          await studies.query(query, (step * 7) % 40_000, 100)
          if (running) scrolls.push(performance.now() - asked)
        }
        await new Promise(resolve => setImmediate(resolve))
      }
    })()
    await work({
      progress: ({ done, total }) => {
        if (total !== null) told.push({ at: performance.now() - start, share: done / total })
      }
    })
    const took = performance.now() - start
    running = false
    await scrolling
    const halfway = told.find(({ share }) => share >= 0.5)!
    holds.sort((a, b) => b - a)
    console.log(
      `${name.padEnd(22)} ${took.toFixed(0).padStart(5)} ms; longest turns ${holds
        .slice(0, 4)
        .map(ms => ms.toFixed(0))
        .join(', ')} ms; scroll step p95 ${percentile(scrolls, 0.95).toFixed(1)}, ` +
        `most ${Math.max(...scrolls).toFixed(0)} ms; half told at ${((100 * halfway.at) / took).toFixed(0)} % of its time`
    )
  }
}
