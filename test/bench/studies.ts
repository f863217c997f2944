/**
 * Studies table at the size of the largest published newborn series: 43,338 films. Prints p50 and p95 in milliseconds of
 * filter + sort (all ids in order), the first window and a scroll step, and facet counts, over varied queries. Then one
 * change of all films, its undo and redo.
 *
 *   node --import tsx test/bench/studies.ts [FILMS]
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openProjectDatabase } from '../../src/core/database'
import { systemClock } from '../../src/core/foundation'
import { createStudyStore, type FilmQuery, type SortKey } from '../../src/core/study-store'
import { makeLargeProject, SERIES_FILMS } from './support/large-project'
import { percentile } from './support/measure'
import { measureChangeOfAll } from './studies/change-of-all'

const SORT_KEYS: SortKey[] = [
  'patientKey',
  'site',
  'filmTime',
  'ageHours',
  'gaDays',
  'bwGrams',
  'contextState',
  'label',
  'predicted',
  'confidence',
  'path',
  'viewPosition',
  'sex',
  'labelledBy',
  'splitSide'
]
const LIMIT_MS = 50

async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

const total = Number(process.argv[2] ?? SERIES_FILMS)
const folder = await mkdtemp(join(tmpdir(), 'neogate-bench-'))
try {
  const { database, studies, labels, films, stateOf, milliseconds } = await makeLargeProject(folder, total)

  const set = await studies.keepSet(
    'Bench',
    films.filter((_, i) => i % 3 === 0).map(({ id }) => id)
  )
  const filters: FilmQuery['filter'][] = [
    { text: '', facets: {} },
    { text: '', facets: { site: ['Seoul', 'Jeju'] } },
    { text: '', facets: { agreement: ['disagree'], label: ['TTN', 'RDS'] } },
    { text: '', facets: { gaBand: ['<28', 'unknown'], hasPrior: ['yes'] } },
    { text: 'n0001', facets: {} },
    { text: 'seoul', facets: { label: ['unlabelled'] } },
    { text: 'no such film', facets: {} },
    { text: '', facets: { confidenceBand: ['<50'], ageBand: ['24-72h', '3-28d'], sex: ['F'] } },
    { text: '', facets: { label: ['TTN'] }, set: set.id },
    { text: '', facets: { contextState: ['warn', 'confirm', 'blocked'] } },
    { text: '', facets: { finding: ['pneumothorax', 'pleural-effusion'], device: ['misplaced'] } }
  ]
  // Reads all films into the index, which a project pays for once: timed below.
  await studies.counts()
  const times = {
    'filter + sort, all ids': [] as number[],
    'first window of 100': [] as number[],
    'scroll step of 100': [] as number[],
    facets: [] as number[]
  }
  let slowest = { ms: 0, what: '' }
  for (let round = 0; round < 3; round++) {
    for (const filter of filters) {
      for (const key of SORT_KEYS) {
        for (const direction of ['ascending', 'descending'] as const) {
          const query: FilmQuery = { filter, sort: { key, direction } }
          // A write in between, so that nothing kept from an earlier query answers this one.
          await studies.markMissing([films[round]!.id], false)
          const ids = await time(() => studies.ids(query))
          times['filter + sort, all ids'].push(ids)
          if (ids > slowest.ms) slowest = { ms: ids, what: JSON.stringify(query) }
          await studies.markMissing([films[round]!.id], false)
          times['first window of 100'].push(await time(() => studies.query(query, 0, 100)))
          times['scroll step of 100'].push(await time(() => studies.query(query, 5000, 100)))
        }
      }
      for (let repeat = 0; repeat < 10; repeat++) times.facets.push(await time(() => studies.facets(filter)))
    }
  }
  console.log(`${total} films; milliseconds; target p95 <= ${LIMIT_MS}`)
  for (const [name, samples] of Object.entries(times)) {
    const p50 = percentile(samples, 0.5)
    const p95 = percentile(samples, 0.95)
    console.log(
      `${name.padEnd(24)} p50 ${p50.toFixed(1).padStart(6)}  p95 ${p95.toFixed(1).padStart(6)}  ` +
        `p95/target ${(p95 / LIMIT_MS).toFixed(2)}`
    )
  }
  console.log(`slowest order: ${slowest.ms.toFixed(1)} ms ${slowest.what}`)
  console.log(
    `registering ${(total / milliseconds.registering).toFixed(1)} films/ms, applying a table ${(total / milliseconds.labelling).toFixed(1)} rows/ms, ` +
      `storing predictions ${(total / milliseconds.predicting).toFixed(1)} films/ms, changing the active model ${milliseconds.activating.toFixed(0)} ms`
  )
  await measureChangeOfAll({ studies, labels, films })
  await database.close()
  const reopened = { opening: 0, firstWindow: 0, counts: 0, longestHold: 0 }
  let again!: Awaited<ReturnType<typeof openProjectDatabase>>
  reopened.opening = await time(async () => {
    again = await openProjectDatabase({ folder, mode: 'open' })
  })
  let lastTurn = performance.now()
  const turns = setInterval(() => {
    reopened.longestHold = Math.max(reopened.longestHold, performance.now() - lastTurn)
    lastTurn = performance.now()
  }, 1)
  const fresh = createStudyStore(again, systemClock, stateOf)
  reopened.counts = await time(async () => {
    reopened.firstWindow = await time(() =>
      fresh.query({ filter: filters[0]!, sort: { key: 'patientKey', direction: 'ascending' } }, 0, 100)
    )
    await fresh.facets(filters[0]!)
  })
  clearInterval(turns)
  await again.close()
  console.log(
    `opening the project ${reopened.opening.toFixed(0)} ms, its first window ${reopened.firstWindow.toFixed(0)} ms, its counts ${reopened.counts.toFixed(0)} ms, ` +
      `during which the event loop was held for ${reopened.longestHold.toFixed(0)} ms at most`
  )
} finally {
  await rm(folder, { recursive: true, force: true })
}
