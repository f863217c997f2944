/**
 * CCGN at 512 x 512: films per second through the model child, against bare onnxruntime-node running the same graph in
 * this process, the two in turn. Then the time of a prediction from pooled features with another GA and BW.
 *
 *   node --import tsx test/bench/inference.ts [ROUNDS]
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { createChildPool, forkChild, greyToImage } from '../../src/core/foundation'
import { contextHead } from '../../src/core/ml/explain'
import { toOnnx } from '../../src/core/ml/graph'
import { boundInferenceGraph, headGraph, modelDefinition, modelParameters } from '../../src/core/ml/models'
import { freshTensors } from '../../src/core/ml/weights'
import { buildModel } from '../../src/core/services/model-building'
import { modelWorker, type FilmInput } from '../../src/core/services/model-client'

const SIZE = 512
const SEED = 1
const LARGEST_OVERHEAD = 0.05
const rounds = Number(process.argv[2] ?? 9)

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

function film(seed: number): FilmInput {
  const plane = Float32Array.from(
    { length: SIZE * SIZE },
    (_, i) => 0.5 + 0.5 * Math.sin(i * 0.001 * (seed + 1))
  )
  return { plane, gaDays: 200 + seed, bwGrams: 1200 + 10 * seed }
}

const folder = await mkdtemp(join(tmpdir(), 'neogate-bench-inference-'))
const entry = fileURLToPath(new URL('../../src/core/services/worker-entry.ts', import.meta.url))
const pool = createChildPool({
  spawn: forkChild(entry, ['--import', 'tsx']),
  role: 'model',
  size: 1,
  timeoutMs: 600_000
})
try {
  const out = join(folder, 'model')
  const createdAt = new Date(0).toISOString()
  const { model } = await buildModel({
    method: 'ccgn',
    size: SIZE,
    seed: SEED,
    init: null,
    name: null,
    out,
    createdAt
  })
  const definition = modelDefinition('ccgn')
  const weights = freshTensors(modelParameters(definition), SEED)
  const worker = modelWorker(pool)
  console.log(
    `CCGN ${SIZE} x ${SIZE}, CPU provider, ${availableParallelism()} cores, median of ${rounds} rounds`
  )
  console.log('batch   bare films/s   NeoGate films/s   overhead')

  for (const batch of [1, 8]) {
    const graph = boundInferenceGraph(definition, { batch, size: SIZE }, model.card.context, weights)
    const bare = await InferenceSession.create(toOnnx(graph), { logSeverityLevel: 3 })
    const films = Array.from({ length: batch }, (_, i) => film(i))
    const image = new Float32Array(batch * 3 * SIZE * SIZE)
    films.forEach(({ plane }, i) => greyToImage(plane, image, i * 3 * SIZE * SIZE))
    const context = Float32Array.from(films.flatMap(({ gaDays, bwGrams }) => [gaDays, bwGrams]))
    const runBare = () =>
      bare.run({
        image: new Tensor('float32', image, [batch, 3, SIZE, SIZE]),
        context: new Tensor('float32', context, [batch, 2])
      })
    const runWorker = () => worker.predict({ folder: out, hash: model.hash, provider: 'cpu', films })

    const { logits } = await runBare()
    const answers = await runWorker()
    const difference = Math.max(
      ...answers.flatMap(({ logits: found }, i) =>
        Array.from(found, (value, k) => Math.abs(value - Number(logits!.data[i * 6 + k])))
      )
    )
    if (difference > 1e-5) throw new Error(`The two differ by ${difference}`)

    const bareTimes: number[] = []
    const workerTimes: number[] = []
    for (let round = 0; round < rounds; round++) {
      // Each is first in every other round, so that neither gains by the order.
      for (const which of round % 2 ? ['bare', 'worker'] : ['worker', 'bare']) {
        if (which === 'bare') bareTimes.push(await timed(runBare))
        else workerTimes.push(await timed(runWorker))
      }
    }
    await bare.release()
    // Ratios within a round, since a shared machine's speed drifts from round to round.
    const overhead = median(workerTimes.map((time, round) => time / bareTimes[round]!)) - 1
    const perSecond = (times: number[]) => ((1000 * batch) / median(times)).toFixed(2)
    console.log(
      `${String(batch).padEnd(8)}${perSecond(bareTimes).padEnd(15)}${perSecond(workerTimes).padEnd(18)}` +
        `${(100 * overhead).toFixed(1)} % (limit ${100 * LARGEST_OVERHEAD} %)`
    )
  }

  const head = contextHead(headGraph(definition), weights, model.card.context)
  const pooled = Float32Array.from({ length: head.channels }, (_, i) => Math.abs(Math.sin(i)))
  const times = Array.from({ length: 2000 }, (_, i) => {
    const start = performance.now()
    head.logits(pooled, 160 + (i % 150), 500 + i)
    return performance.now() - start
  })
  console.log(`another GA and BW from pooled features: ${median(times).toFixed(3)} ms (limit 1 ms)`)
} finally {
  pool.close()
  await rm(folder, { recursive: true, force: true })
}
