/**
 * Studies table at the size of the largest published newborn series: 43,338 films. Prints p50 and p95 in milliseconds of
 * filter + sort (all ids in order), the first window and a scroll step, and facet counts, over varied queries.
 *
 *   node --import tsx test/bench/studies.ts [FILMS]
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openProjectDatabase } from '../../src/core/database'
import { DIAGNOSES, type FilmHeader } from '../../src/core/domain'
import { contentId, createRandom, systemClock } from '../../src/core/foundation'
import { assessContext } from '../../src/core/growth'
import { createLabelStore, type TableEntry } from '../../src/core/label-store'
import {
  createStudyStore,
  patientIdOf,
  type FilmQuery,
  type FilmRegistration,
  type SortKey,
  type StoredPrediction
} from '../../src/core/study-store'

const SITES = [
  'Seoul',
  'Busan',
  'Daegu',
  'Gwangju',
  'Incheon',
  'Daejeon',
  'Ulsan',
  'Suwon',
  'Jeju',
  'Cheongju'
]
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
  'path'
]
const LIMIT_MS = 50

const header: FilmHeader = {
  format: 'dicom',
  rows: 2048,
  columns: 2500,
  frames: 1,
  bitsStored: 12,
  samplesPerPixel: 1,
  photometric: 'MONOCHROME2',
  transferSyntax: '1.2.840.10008.1.2.1',
  sopClassUid: '1.2.840.10008.5.1.4.1.1.1',
  sopInstanceUid: null,
  studyInstanceUid: null,
  seriesInstanceUid: null,
  modality: 'CR',
  patientId: null,
  patientName: null,
  sex: null,
  institution: null,
  acquiredAt: null,
  birthAt: null,
  viewPosition: 'AP',
  bodyPart: 'CHEST',
  windows: [],
  spacing: null,
  burnedInAnnotation: null
}

/** Films of infants with 1 to 9 films each, as `total` asks. */
function makeFilms(total: number): FilmRegistration[] {
  const random = createRandom(1, 'studies')
  const films: FilmRegistration[] = []
  for (let infant = 0; films.length < total; infant++) {
    const site = random.pick(SITES)
    const key = `N${String(infant).padStart(6, '0')}`
    const birth = Date.UTC(2015 + (infant % 9), infant % 12, 1 + (infant % 28), infant % 24)
    const count = Math.min(random.integer(1, 9), total - films.length)
    for (let number = 0; number < count; number++) {
      const name = contentId(`${infant}/${number}`)
      films.push({
        id: contentId('film', name),
        root: '/data/newborn',
        path: `${site}/${2015 + (infant % 9)}/${key}/${name.slice(0, 12)}.dcm`,
        rawPath: null,
        patientKey: key,
        site,
        header: { ...header, sopInstanceUid: `1.2.826.0.1.3680043.2.${infant}.${number}` },
        byteSize: 5_120_000,
        modifiedAt: '2024-01-01T00:00:00.000Z',
        fingerprint: name,
        filmTime: random.chance(0.95)
          ? new Date(birth + random.integer(1, 30 * 24 * 60) * 60_000).toISOString().slice(0, 19)
          : null,
        birthTime: new Date(birth).toISOString().slice(0, 19),
        sex: random.pick(['M', 'F', null]),
        viewPosition: random.pick(['AP', 'AP', 'PA', 'LL', null])
      })
    }
  }
  return films
}

function percentile(sorted: number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]!
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

const total = Number(process.argv[2] ?? 43_338)
const folder = await mkdtemp(join(tmpdir(), 'neogate-bench-'))
try {
  const database = await openProjectDatabase({ folder, mode: 'create', name: 'Bench' })
  const stateOf = (context: Parameters<typeof assessContext>[0]) => assessContext(context).state
  const studies = createStudyStore(database, systemClock, stateOf)
  const labels = createLabelStore(database, systemClock, stateOf)
  const random = createRandom(2, 'queries')

  const films = makeFilms(total)
  const registering = await time(async () => {
    for (let start = 0; start < films.length; start += 500) {
      await studies.registerFilms(films.slice(start, start + 500))
    }
  })
  const entries: TableEntry[] = films.map((film, line) => ({
    filmId: film.id,
    patientId: patientIdOf(film.site, film.patientKey),
    line,
    label: random.chance(0.9) ? random.pick(DIAGNOSES) : null,
    gaDays: 160 + (Number.parseInt(film.patientKey.slice(1), 10) % 130),
    bwGrams: 500 + ((Number.parseInt(film.patientKey.slice(1), 10) * 37) % 3500)
  }))
  const labelling = await time(() => labels.applyTable({ name: 'bench.csv', entries }))
  await database.kysely
    .insertInto('model')
    .values({
      id: 'bench',
      name: 'bench',
      folder: 'bench',
      method: 'ccgn',
      hash: 'h',
      preprocessing_hash: 'p',
      info_json: '{}',
      created_at: systemClock.timestamp(),
      active: 1
    })
    .execute()
  const predicting = await time(async () => {
    for (let start = 0; start < entries.length; start += 500) {
      const batch = entries.slice(start, start + 500).map((entry): StoredPrediction => ({
        filmId: entry.filmId!,
        modelHash: 'h',
        preprocessingHash: 'p',
        gaDays: entry.gaDays!,
        bwGrams: entry.bwGrams!,
        logits: new Float32Array(6),
        probabilities: new Float32Array(6),
        predicted: random.pick(DIAGNOSES),
        confidence: random.between(0.2, 1),
        pooled: new Float32Array(2048),
        maps: null,
        mapGeometry: null,
        provider: 'cpu',
        createdAt: systemClock.timestamp()
      }))
      await studies.setPredictions(batch)
    }
  })
  const activating = await time(() => studies.setActiveModel('bench'))

  const filters: FilmQuery['filter'][] = [
    { text: '', facets: {} },
    { text: '', facets: { site: ['Seoul', 'Jeju'] } },
    { text: '', facets: { agreement: ['disagree'], label: ['TTN', 'RDS'] } },
    { text: '', facets: { gaBand: ['<28', 'unknown'], hasPrior: ['yes'] } },
    { text: 'n0001', facets: {} },
    { text: 'seoul', facets: { label: ['unlabelled'] } },
    { text: 'no such film', facets: {} },
    { text: '', facets: { contextState: ['warn', 'confirm', 'blocked'] } }
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
    samples.sort((a, b) => a - b)
    const p50 = percentile(samples, 0.5)
    const p95 = percentile(samples, 0.95)
    console.log(
      `${name.padEnd(24)} p50 ${p50.toFixed(1).padStart(6)}  p95 ${p95.toFixed(1).padStart(6)}  ` +
        `p95/target ${(p95 / LIMIT_MS).toFixed(2)}`
    )
  }
  console.log(`slowest order: ${slowest.ms.toFixed(1)} ms ${slowest.what}`)
  console.log(
    `registering ${(total / registering).toFixed(1)} films/ms, applying a table ${(total / labelling).toFixed(1)} rows/ms, ` +
      `storing predictions ${(total / predicting).toFixed(1)} films/ms, changing the active model ${activating.toFixed(0)} ms`
  )
  await database.close()
  const reopened = { opening: 0, firstWindow: 0, longestHold: 0 }
  let again!: Awaited<ReturnType<typeof openProjectDatabase>>
  reopened.opening = await time(async () => {
    again = await openProjectDatabase({ folder, mode: 'open' })
  })
  let lastTurn = performance.now()
  const turns = setInterval(() => {
    reopened.longestHold = Math.max(reopened.longestHold, performance.now() - lastTurn)
    lastTurn = performance.now()
  }, 1)
  reopened.firstWindow = await time(() =>
    createStudyStore(again, systemClock, stateOf).query(
      { filter: filters[0]!, sort: { key: 'patientKey', direction: 'ascending' } },
      0,
      100
    )
  )
  clearInterval(turns)
  await again.close()
  console.log(
    `opening the project ${reopened.opening.toFixed(0)} ms, its first window ${reopened.firstWindow.toFixed(0)} ms, ` +
      `during which the event loop was held for ${reopened.longestHold.toFixed(0)} ms at most`
  )
} finally {
  await rm(folder, { recursive: true, force: true })
}
