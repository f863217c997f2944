/**
 * What the queues find of the errors that the synthetic demo has in its table: films with a wrong label in the first 5, 10 and
 * 20 % of the label queues, infants with a wrong GA or BW in that of GA and BW, against an order drawn by lot (whose recall is the
 * share looked at, and whose precision is that of all). The shipped model, scored by the product itself.
 *
 *   npm run bench -- queues [INFANTS [SEED]]
 */
import { createRouterClient } from '@orpc/server'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FilmRow, QueueKind } from '../../../src/contract'
import { createCore, forkChild, silentLogger } from '../../../src/core/create-core'
import { createChildPool } from '../../../src/core/foundation'
import { demoMapping, makeDemo } from '../../../src/core/services/demo'

const INFANTS = Number(process.argv[2] ?? 300)
/** Another cohort than those of the demo project and of the demo model. */
const SEED = Number(process.argv[3] ?? 20)
const SHARES = [0.05, 0.1, 0.2]
const LABEL_QUEUES: QueueKind[] = ['label-suspects', 'ttn-rds', 'context-dependent']

interface Truth {
  films: Record<string, { patient: string; errors: { field: 'label' | 'context'; kind?: string }[] }>
}

const source = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url))
const folder = await mkdtemp(join(tmpdir(), 'neogate-bench-queues-'))
const spawn = forkChild(source('src/core/services/worker-entry.ts'), ['--import', 'tsx'])
const pool = createChildPool({ spawn, role: 'film', size: 2, timeoutMs: null })
const core = await createCore({
  host: 'cli',
  shell: 'terminal',
  spawnChild: spawn,
  resourcesFolder: source('resources'),
  screensFolder: null,
  userFolder: join(folder, 'user'),
  logger: silentLogger
})
const client = createRouterClient(core.router, { context: {} })

async function finish(jobId: string): Promise<void> {
  for await (const job of await client.jobs.watch({ id: jobId })) if (job.error) throw job.error
}

async function allFilms(): Promise<FilmRow[]> {
  const query = { filter: { text: '', facets: {} } }
  const rows: FilmRow[] = []
  for (;;) {
    const page = await client.films.query({ query, offset: rows.length, limit: 500 })
    rows.push(...page.rows)
    if (rows.length >= page.total) return rows
  }
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`

/** Hits among the first of an order, for each share of `population`; an order that is shorter has no more to give. */
function report(
  name: string,
  order: readonly string[],
  wrong: ReadonlySet<string>,
  population: number
): void {
  for (const share of SHARES) {
    const looked = order.slice(0, Math.round(share * population))
    const found = looked.filter(item => wrong.has(item)).length
    const precision = looked.length === 0 ? '–' : percent(found / looked.length)
    console.log(
      [
        name.padEnd(20),
        percent(share).padStart(7),
        `${looked.length} looked at`.padStart(14),
        `${found} of ${wrong.size} found`.padStart(18),
        `recall ${percent(found / wrong.size)} (by lot ${percent(share)})`,
        `precision ${precision} (by lot ${percent(wrong.size / population)})`
      ].join('  ')
    )
  }
}

try {
  const study = join(folder, 'study')
  const made = await makeDemo({ folder: study, infants: INFANTS, seed: SEED, pool })
  const truth = JSON.parse(await readFile(made.truth, 'utf8')) as Truth
  pool.close()
  await client.project.create({ folder: join(folder, 'project'), name: 'Queues' })
  const imported = await client.intake.start({
    source: { folder: study, table: made.table, mapping: demoMapping() },
    dryRun: false
  })
  await finish(imported.jobId)
  const started = performance.now()
  await finish((await client.queues.score()).jobId)
  console.log(
    `${made.films} films of ${INFANTS} infants, predicted and scored in ${((performance.now() - started) / 1000).toFixed(0)} s`
  )

  const rows = await allFilms()
  const errorsOf = ({ path }: FilmRow) => truth.films[path]?.errors ?? []
  const mislabelled = new Set(
    rows.filter(row => errorsOf(row).some(({ field }) => field === 'label')).map(row => row.id)
  )
  for (const queue of LABEL_QUEUES) {
    const order = await client.queues.order({ queue })
    report(
      queue,
      order.map(({ filmId }) => filmId),
      mislabelled,
      rows.length
    )
  }

  const infantOf = new Map(rows.map(row => [row.id, row.patientId]))
  const planted = rows.filter(row =>
    errorsOf(row).some(({ field, kind }) => field === 'context' && kind !== 'bw-missing')
  )
  const infants = new Set(infantOf.values())
  const spoiled = new Set(planted.map(row => row.patientId))
  const refused = new Set(
    planted.filter(row => row.gaDays === null || row.bwGrams === null).map(row => row.patientId)
  )
  const flagged = await client.queues.order({ queue: 'implausible-context' })
  report(
    'implausible-context',
    flagged.map(({ filmId }) => infantOf.get(filmId)!),
    spoiled,
    infants.size
  )
  const falseAlarms = flagged.filter(({ filmId }) => !spoiled.has(infantOf.get(filmId)!)).length
  console.log(
    `GA/BW: ${spoiled.size} infants with an error; of ${refused.size} the import refused the value, ${flagged.length} are in the queue, ${falseAlarms} of them without an error`
  )
} finally {
  await core.close()
  await rm(folder, { recursive: true, force: true })
}
