/**
 * The jobs that work on kept features at the size of the largest published newborn series, as a user starts them: an ensemble of gate
 * and head, and the scores of the review queues with their out-of-fold predictions. Seconds, memory of the host and of the child that
 * computes, delay of the host's event loop, what the job says of the time left, and how soon a cancel is obeyed.
 *
 *   npm run bench -- series-jobs [FILMS] [--only ensemble|score]
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { DIAGNOSES } from '../../../src/core/domain'
import { systemClock } from '../../../src/core/foundation'
import { readModelFolder } from '../../../src/core/model-registry'
import { buildModel } from '../../../src/core/services/model-building'
import type { StoredPrediction } from '../../../src/core/study-store'
import { openTestCore } from '../../support/test-core'
import { createDrawnFeatures } from '../support/drawn-features'
import { makeLargeProject, SERIES_FILMS } from '../support/large-project'
import { descendantMemory } from '../support/process-memory'

const CHANNELS = 2048
/** Maps of a film as CCGN keeps them at 512 pixels: six classes, with and without the gate, 16 x 16. */
const MAP_VALUES = 2 * 6 * 16 * 16
const BATCH = 500
const MEMORY_EVERY_MS = 500

const total = Number(process.argv.slice(2).find(argument => /^\d+$/.test(argument)) ?? SERIES_FILMS)
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : null
const folder = await mkdtemp(join(tmpdir(), 'neogate-bench-series-'))
const modelFolder = join(folder, 'ccgn')

try {
  await fillProject()
  const { core, client } = await openTestCore(folder)
  try {
    await client.models.add({ folder: modelFolder })
    const { id } = await readModelFolder(modelFolder)
    await client.models.promote({ id, reason: 'bench', confirm: true })
    const jobs = {
      ensemble: async () => (await client.explain.fitEnsemble({ modelId: id, members: 8 })).jobId,
      score: async () => (await client.queues.score()).jobId
    }
    console.log(
      `${total} films x ${CHANNELS}, load ${loadavg()[0]!.toFixed(1)}, Node ${process.versions.node}`
    )
    for (const [name, start] of Object.entries(jobs)) {
      if (only !== null && only !== name) continue
      await measure(name, await start())
      await measureCancel(name, await start())
    }
  } finally {
    await core.close()
  }

  /** Runs the job to its end. */
  async function measure(name: string, id: string): Promise<void> {
    const delay = monitorEventLoopDelay({ resolution: 1 })
    delay.enable()
    const memory = { host: 0, child: 0 }
    const sampler = setInterval(() => {
      memory.host = Math.max(memory.host, process.memoryUsage.rss())
      memory.child = Math.max(memory.child, ...descendantMemory().map(({ proportional }) => proportional))
    }, MEMORY_EVERY_MS)
    const start = performance.now()
    const seconds = () => (performance.now() - start) / 1000
    const steps = new Map<string, { from: number; to: number }>()
    let quiet = 0
    let told = 0
    let firstTimeLeft: string | null = null
    for await (const { progress } of await client.jobs.watch({ id })) {
      const now = seconds()
      quiet = Math.max(quiet, now - told)
      told = now
      steps.set(progress.step, { from: steps.get(progress.step)?.from ?? now, to: now })
      if (progress.secondsLeft !== null)
        firstTimeLeft ??= `${now.toFixed(1)} s: ${progress.secondsLeft.toFixed(0)} s left`
    }
    clearInterval(sampler)
    delay.disable()
    const job = await client.jobs.get({ id })
    const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`
    console.log(`${name}: ${job.state} after ${seconds().toFixed(1)} s, ${JSON.stringify(job.summary)}`)
    if (job.error) console.log(`  ${job.error.code}: ${job.error.message}`)
    for (const [step, { from, to }] of steps)
      console.log(`  ${step || '(queued)'}: told from ${from.toFixed(1)} to ${to.toFixed(1)} s`)
    console.log(`  longest time without news ${quiet.toFixed(1)} s; time left first told at ${firstTimeLeft}`)
    console.log(`  at most: host ${mib(memory.host)}, child ${mib(memory.child)}`)
    console.log(
      `  host's event loop: delay p50 ${(delay.percentile(50) / 1e6).toFixed(1)} ms, p99 ${(delay.percentile(99) / 1e6).toFixed(1)} ms, longest ${(delay.max / 1e6).toFixed(0)} ms`
    )
  }

  /** Cancels the job once it computes: how long until it has stopped. */
  async function measureCancel(name: string, id: string): Promise<void> {
    for await (const { progress } of await client.jobs.watch({ id })) {
      if (['fit', 'cross-validate'].includes(progress.step) && progress.done > 0) break
    }
    const start = performance.now()
    const { state } = await client.jobs.cancel({ id })
    console.log(`  ${name} ${state} ${(performance.now() - start).toFixed(0)} ms after it was asked to stop`)
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}

/** The project with the features that CCGN would have kept of every film. */
async function fillProject(): Promise<void> {
  const { database, studies } = await makeLargeProject(join(folder, 'project'), total)
  // Its own answers hold no features, and its model has no card.
  await database.kysely.deleteFrom('prediction').execute()
  await database.kysely.deleteFrom('model').execute()
  const { model } = await buildModel({
    method: 'ccgn',
    size: 512,
    seed: 1,
    init: null,
    out: modelFolder,
    name: 'bench',
    createdAt: systemClock.timestamp()
  })
  const filmIds = (await studies.contexts()).map(({ id }) => id)
  const draw = createDrawnFeatures({ classes: DIAGNOSES.length, channels: CHANNELS })
  for (let from = 0; from < filmIds.length; from += BATCH) {
    const rows = await studies.rows(filmIds.slice(from, from + BATCH))
    await studies.setPredictions(
      rows.map((row, i): StoredPrediction => {
        const k = row.label === null ? (from + i) % DIAGNOSES.length : DIAGNOSES.indexOf(row.label as 'RDS')
        const pooled = new Float32Array(CHANNELS)
        draw(from + i, k, pooled)
        return {
          filmId: row.id,
          modelHash: model.hash,
          preprocessingHash: model.card.preprocessing.hash,
          gaDays: row.gaDays,
          bwGrams: row.bwGrams,
          logits: new Float32Array(DIAGNOSES.length),
          probabilities: new Float32Array(DIAGNOSES.length).fill(1 / DIAGNOSES.length),
          predicted: DIAGNOSES[k]!,
          confidence: 1 / DIAGNOSES.length,
          pooled,
          maps: new Float32Array(MAP_VALUES),
          mapGeometry: { rows: 16, columns: 16, extent: { x: 0, y: 0, width: 1, height: 1 } },
          provider: 'cpu',
          createdAt: systemClock.timestamp()
        }
      })
    )
  }
  await database.close()
}
