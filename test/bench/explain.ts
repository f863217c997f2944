/**
 * Explanations at the size of the largest published newborn series: exact search over pooled vectors against plain reading of the
 * same file, answers of gate and head, the surface over GA and BW; and in Chromium (needs `npm run build`) how long a frame is while a
 * hand moves over the surface.
 *
 *   node --import tsx test/bench/explain.ts [FILMS] [--no-page]
 */
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { createChildPool, createRandom, forkChild, randomBits } from '../../src/core/foundation'
import { contextHead, contextSurface, softmaxOf } from '../../src/core/ml/explain'
import { headGraph, modelDefinition } from '../../src/core/ml/models'
import { freshTensors, writeSafetensors } from '../../src/core/ml/weights'
import { explainWorker } from '../../src/core/services/explain/explain-client'
import { launchChromium } from '../support/browser-page'
import { startServer } from '../support/localhost-server'
import { runNeogate } from '../support/run-neogate'
import { strings } from '../support/strings'
import { temporaryFolder } from '../support/temporary-folder'
import { SERIES_FILMS } from './support/large-project'
import { inTurn, median, percentile, timed } from './support/measure'
import { descendantMemory } from './support/process-memory'

process.env.NEOGATE_TEST_CHROMIUM ??= '/usr/bin/chromium'
const films = Number(process.argv.slice(2).find(argument => /^\d+$/.test(argument)) ?? SERIES_FILMS)
const CHANNELS = 2048
const ROUNDS = 7
const SCALE = { gaMeanDays: 238, gaSdDays: 26, bwMeanGrams: 2200, bwSdGrams: 870 }
const FRAME_MS = 16
const en = strings('en')
const ms = (value: number) => `${value.toFixed(1)} ms`

const folder = await temporaryFolder('bench-explain')
try {
  await search()
  head()
  if (!process.argv.includes('--no-page')) await page()
} finally {
  await folder.remove()
}

function childMemory(): string {
  return descendantMemory()
    .map(({ proportional }) => `${(proportional / 2 ** 20).toFixed(0)} MiB`)
    .join(', ')
}

async function search(): Promise<void> {
  const file = join(folder.path, 'vectors.f32')
  const weightsFile = join(folder.path, 'weights.safetensors')
  await writeSafetensors(weightsFile, freshTensors(headGraph(modelDefinition('ccgn')).parameters, 1))
  const out = await open(file, 'w')
  const piece = new Float32Array(512 * CHANNELS)
  for (let from = 0; from < films; from += 512) {
    const held = Math.min(512, films - from)
    for (let i = 0; i < held * CHANNELS; i++) piece[i] = (randomBits(1, from, i) & 0xffff) / 0xffff
    await out.write(new Uint8Array(piece.buffer, 0, held * CHANNELS * 4))
  }
  await out.close()
  const random = createRandom(1, 'bench-explain')
  const entry = fileURLToPath(new URL('../../src/core/services/worker-entry.ts', import.meta.url))
  const pool = createChildPool({
    spawn: forkChild(entry, ['--import', 'tsx']),
    role: 'model',
    size: 1,
    timeoutMs: 120_000
  })
  const worker = explainWorker(pool)
  const ask = (gated: boolean) => () =>
    worker.nearest({
      method: 'ccgn',
      weightsFile,
      scale: SCALE,
      file,
      channels: CHANNELS,
      contexts: Float32Array.from({ length: 2 * films }, (_, i) =>
        i % 2 === 0 ? random.integer(160, 290) : random.integer(500, 4200)
      ),
      skipped: new Uint8Array(films),
      query: Float32Array.from({ length: CHANNELS }, () => random.next()),
      gated,
      count: 12
    })
  await ask(false)()
  const buffer = new Uint8Array(4 * 512 * CHANNELS)
  const plain = async () => {
    const handle = await open(file)
    while ((await handle.read(buffer, 0, buffer.length)).bytesRead > 0);
    await handle.close()
  }
  const before = process.memoryUsage().rss
  const seconds = await inTurn({ gated: ask(true), pooled: ask(false), reading: plain }, ROUNDS)
  const megabytes = (films * CHANNELS * 4) / 2 ** 20
  console.log(`${films} films x ${CHANNELS}, ${megabytes.toFixed(0)} MiB:`)
  for (const name of ['pooled', 'gated'] as const) {
    const took = median(seconds[name])
    console.log(
      `  nearest, ${name.padEnd(6)}  median ${ms(1000 * took)}, longest ${ms(1000 * Math.max(...seconds[name]))}, ` +
        `${(took / median(seconds.reading)).toFixed(1)} times plain reading (${ms(1000 * median(seconds.reading))})`
    )
  }
  const grown = (process.memoryUsage().rss - before) / 2 ** 20
  console.log(`  memory: host grew by ${grown.toFixed(0)} MiB, the child has ${childMemory()}`)
  pool.close()
}

function head(): void {
  const graph = headGraph(modelDefinition('ccgn'))
  const ccgn = contextHead(graph, freshTensors(graph.parameters, 1), SCALE)
  const pooled = Float32Array.from({ length: ccgn.channels }, (_, c) => Math.abs(Math.sin(c)))
  const times: number[] = []
  for (let i = 0; i < 2000; i++) {
    const start = performance.now()
    softmaxOf(ccgn.logits(pooled, 160 + (i % 130), 500 + i))
    times.push(performance.now() - start)
  }
  console.log(
    `one answer of gate and head: p50 ${percentile(times, 0.5).toFixed(3)} ms, p95 ${percentile(times, 0.95).toFixed(3)} ms`
  )
  const axis = (low: number, high: number, step: number) =>
    Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, i) => low + i * step)
  const start = performance.now()
  const work = contextSurface(ccgn, pooled, axis(154, 314, 2), axis(200, 6500, 100))
  while (work.next().done !== true);
  console.log(`surface of 81 x 64 points, once per film: ${ms(performance.now() - start)}`)
}

async function page(): Promise<void> {
  const at = (...names: string[]) => join(folder.path, ...names)
  for (const args of [
    ['demo', 'make', at('study'), '--infants', '8'],
    ['new', at('project')],
    ['import', at('project'), at('study'), '--table', at('study', 'labels.csv')],
    ['predict', at('project')]
  ]) {
    await runNeogate(args, at('user'))
  }
  const server = await startServer(at('user'), [at('project')])
  const browser = await launchChromium()
  try {
    const context = await browser.newContext({ viewport: { width: 1600, height: 1000 }, locale: 'en-GB' })
    const tab = await context.newPage()
    await tab.addInitScript('globalThis.__name = value => value')
    await tab.goto(server.address)
    await tab.getByRole('grid').getByRole('row').nth(3).waitFor()
    await tab.getByRole('grid').focus()
    await tab.keyboard.press('Enter')
    await tab.getByRole('button', { name: new RegExp(en('explain.key')) }).waitFor()
    await tab.keyboard.press('e')
    await tab.getByRole('tab', { name: en('explain.tab.surface') }).click()
    const chart = tab.getByRole('region', { name: en('explain.surface.title') }).getByRole('img')
    const wait = await timed(() => chart.waitFor())
    for (const kind of ['pointer', 'slider'] as const) {
      const { work, frames } = await chart.evaluate(moveOver, kind)
      console.log(
        `${kind} over the surface, ${frames.length} frames: work p50 ${ms(percentile(work, 0.5))}, p95 ${ms(percentile(work, 0.95))} ` +
          `(target ${FRAME_MS}, p95/target ${(percentile(work, 0.95) / FRAME_MS).toFixed(2)}); ` +
          `between frames p50 ${ms(percentile(frames, 0.5))}, p95 ${ms(percentile(frames, 0.95))}`
      )
    }
    console.log(`surface on screen ${wait.toFixed(2)} s after its tab was opened`)
  } finally {
    await browser.close()
    await server.close()
  }
}

/** In the page: one movement a frame; how long the page works for it, to the end of its part of the frame. */
async function moveOver(chart: Element, kind: 'pointer' | 'slider') {
  const box = chart.getBoundingClientRect()
  const slider = document.querySelector<HTMLInputElement>('#explain-panel input[type=range]')!
  const work: number[] = []
  const frames: number[] = []
  let last = 0
  for (let step = 0; step < 300; step++) {
    await new Promise<void>(resolve => {
      requestAnimationFrame(now => {
        const start = performance.now()
        if (last > 0) frames.push(now - last)
        last = now
        if (kind === 'pointer') {
          const clientX = box.left + box.width * (0.5 + 0.4 * Math.sin(step / 17))
          const clientY = box.top + box.height * (0.5 + 0.4 * Math.cos(step / 23))
          chart.dispatchEvent(new PointerEvent('pointermove', { clientX, clientY, bubbles: true }))
        } else {
          slider.value = String(160 + (step % 140))
          slider.dispatchEvent(new Event('input', { bubbles: true }))
        }
        // A message sent here arrives once the page's part of the frame, layout and paint included, is done.
        const done = new MessageChannel()
        done.port1.onmessage = () => {
          work.push(performance.now() - start)
          resolve()
        }
        done.port2.postMessage(null)
      })
    })
  }
  return { work, frames }
}
