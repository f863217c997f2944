/**
 * What a window/level drag over a film of three megapixels costs, in Chromium through the browser mode: the length of each
 * display frame, and the time of our own code per frame, which is the bound where a graphics card does the rest. Needs
 * `npm run build`.
 *
 *   node --import tsx test/bench/window-drag.ts [SECONDS]
 */
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import type { CDPSession, Page } from 'playwright-core'
import { launchChromium } from '../support/browser-page'
import { startServer } from '../support/localhost-server'
import { temporaryFolder } from '../support/temporary-folder'
import { framesDuring, installRecorder, timeToFilm, timeToRows } from './screens/page-recorder'
import { makeReadingProject } from './screens/series'
import { percentile } from './support/measure'

const VIEWPORT = { width: 1600, height: 1000 }
const FRAME_MS = 1000 / 60
/** A mouse reports about so often. */
const POINTER_MS = 8
const REACH = 180

/** Seconds since the page began: all tasks of its main thread, and our scripts among them. */
async function mainThread(devtools: CDPSession): Promise<{ task: number; script: number }> {
  const { metrics } = await devtools.send('Performance.getMetrics')
  const of = (name: string) => metrics.find(metric => metric.name === name)?.value ?? NaN
  return { task: of('TaskDuration'), script: of('ScriptDuration') }
}

/** Draws the pointer to and fro over the film with the left button down. */
async function drag(page: Page, seconds: number): Promise<void> {
  const box = (await page.locator('main canvas[role=img]').first().boundingBox())!
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  await page.mouse.move(x, y)
  await page.mouse.down()
  const end = performance.now() + seconds * 1000
  for (let step = 0; performance.now() < end; step++) {
    const angle = step / 25
    await page.mouse.move(x + REACH * Math.sin(angle), y + REACH * Math.sin(1.3 * angle))
    await page.waitForTimeout(POINTER_MS)
  }
  await page.mouse.up()
}

const seconds = Number(process.argv[2] ?? 5)
process.env.NEOGATE_TEST_CHROMIUM ??= '/usr/bin/chromium'
const folder = await temporaryFolder('bench-window-drag')
const browser = await launchChromium()
try {
  const project = await makeReadingProject(folder.path, 3, 0)
  const server = await startServer(join(folder.path, 'user'), [project])
  try {
    const page = await (await browser.newContext({ viewport: VIEWPORT, locale: 'en-GB' })).newPage()
    await installRecorder(page)
    await page.goto(server.address)
    await timeToRows(page)
    await page.getByRole('grid').focus()
    await page.keyboard.press('Home')
    await timeToFilm(page, 'Enter')
    await drag(page, 1)
    const devtools = await page.context().newCDPSession(page)
    await devtools.send('Performance.enable')
    const before = await mainThread(devtools)
    const frames = (await framesDuring(page, () => drag(page, seconds))).map(frame => frame.length)
    const after = await mainThread(devtools)
    const perFrame = (key: 'task' | 'script') =>
      ((1000 * (after[key] - before[key])) / frames.length).toFixed(1)
    const canvas = await page.locator('main canvas[role=img]').first().boundingBox()
    console.log(
      `${cpus()[0]!.model.trim()} x ${cpus().length}, load ${loadavg()[0]!.toFixed(1)}; Chromium ${browser.version()}, ` +
        `film shown on ${Math.round(canvas!.width)} x ${Math.round(canvas!.height)} pixels`
    )
    const p95 = percentile(frames, 0.95)
    console.log(
      `frame of a window drag: p50 ${percentile(frames, 0.5).toFixed(1)}  p95 ${p95.toFixed(1)} ms  n ${frames.length}  ` +
        `target ${FRAME_MS.toFixed(1)}  p95/target ${(p95 / FRAME_MS).toFixed(2)}`
    )
    console.log(
      `per frame, mean: our scripts ${perFrame('script')} ms, all of the page's main thread ${perFrame('task')} ms`
    )
  } finally {
    await server.close()
  }
} finally {
  await browser.close()
  await folder.remove()
}
