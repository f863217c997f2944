/**
 * The review queues at the size of the largest published newborn series: counts of all queues and a first page after a change, the
 * next page while nothing changed, and the whole order of the longest queue. Milliseconds by the clock and of the processor, which
 * other work on the machine disturbs less.
 *
 *   npm run bench -- queues-size [FILMS]
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { QUEUE_KINDS } from '../../../src/core/review-queue'
import { DIAGNOSES } from '../../../src/core/domain'
import { createRandom, silentLogger, systemClock } from '../../../src/core/foundation'
import type { CoreContext } from '../../../src/core/services/core-context'
import { createInference } from '../../../src/core/services/inference'
import { openProjectModel } from '../../../src/core/services/project-models'
import { openProjectSession } from '../../../src/core/services/project-session'
import { createQueuesService } from '../../../src/core/services/review/queues'
import { makeLargeProject, SERIES_FILMS } from '../support/large-project'
import { percentile } from '../support/measure'

const ROUNDS = 9
const total = Number(process.argv[2] ?? SERIES_FILMS)
const folder = await mkdtemp(join(tmpdir(), 'neogate-bench-queues-'))
const project = join(folder, 'project')

async function measure(name: string, before: () => unknown, work: () => Promise<unknown>): Promise<void> {
  const times: number[] = []
  const processor: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    before()
    const start = performance.now()
    const used = process.cpuUsage()
    await work()
    const { user, system } = process.cpuUsage(used)
    times.push(performance.now() - start)
    processor.push((user + system) / 1000)
  }
  const cell = (value: number) => value.toFixed(0).padStart(6)
  console.log(
    `${name.padEnd(44)} p50 ${cell(percentile(times, 0.5))}  most ${cell(Math.max(...times))}  processor p50 ${cell(percentile(processor, 0.5))}`
  )
}

try {
  const { database, films } = await makeLargeProject(project, total)
  // Its model has no card; the answers that the queues read stay with the films.
  await database.kysely.deleteFrom('prediction').execute()
  await database.kysely.deleteFrom('model').execute()
  await database.close()
  const session = await openProjectSession({
    folder: project,
    target: { mode: 'open' },
    clock: systemClock,
    logger: silentLogger
  })
  const core = {
    info: { runtime: { onnxruntime: 'bench' } },
    clock: systemClock,
    logger: silentLogger,
    settings: { get: () => ({ provider: 'cpu', readerName: 'Kim' }) },
    resourcesFolder: fileURLToPath(new URL('../../../resources', import.meta.url)),
    userFolder: folder,
    project: () => session
  } as unknown as CoreContext
  core.inference = createInference(core)
  const random = createRandom(1, 'scores')
  const answer = () => {
    const raw = DIAGNOSES.map(() => random.next() ** 4)
    const sum = raw.reduce((all, value) => all + value, 0)
    return Float32Array.from(raw, value => value / sum)
  }
  const { hash } = await openProjectModel(core, null)
  await session.review.replaceScores(
    hash,
    systemClock.timestamp(),
    films.map(({ id }) => ({
      filmId: id,
      label: null,
      own: answer(),
      atMean: answer(),
      outOfFold: answer(),
      coreSet: null
    }))
  )
  const queues = createQueuesService(core)
  const change = () => session.changes.publish(['labels'], [])
  const page = (offset: number) => queues.films({ queue: 'label-suspects', offset, limit: 100 }, {})
  console.log(`${total} films, ${QUEUE_KINDS.length} queues, ${ROUNDS} rounds`)
  await measure('counts of all queues, after a change', change, () => queues.list(undefined, {}))
  await measure('first page of label suspects, after a change', change, () => page(0))
  await measure(
    'a later page, nothing changed',
    () => {},
    () => page(1000)
  )
  await measure(
    'whole order of the random audit',
    () => {},
    () => queues.order({ queue: 'random-audit' }, {})
  )
  await session.close()
} finally {
  await rm(folder, { recursive: true, force: true })
}
