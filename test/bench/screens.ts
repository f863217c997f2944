/**
 * What a reader feels of the screens, in Chromium through the browser mode: the next film, the Studies table at the size of
 * the largest published newborn series, opening a project, memory, and the size of the screens. Needs `npm run build`.
 *
 *   node --import tsx test/bench/screens.ts [FILMS_IN_TABLE]
 */
import { cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../support/browser-page'
import { allAssets, fetchedAssets, type AssetSizes } from '../support/asset-sizes'
import { startServer } from '../support/localhost-server'
import { strings } from '../support/strings'
import { temporaryFolder } from '../support/temporary-folder'
import { filmsRead, framesDuring, installRecorder, timeToFilm, timeToRows } from './screens/page-recorder'
import { makeReadingProject, makeSeries } from './screens/series'
import { SERIES_FILMS } from './support/large-project'
import { percentile } from './support/measure'
import { descendantMemory } from './support/process-memory'

const VIEWPORT = { width: 1600, height: 1000 }
const PLAIN_FILMS = 240
const COMPRESSED_FILMS = 60
const FILMS_READ = 200
const COLD_FILMS = 30
/** A hurried reader's look at a film. */
const LOOK_MS = 500
const FRAME_MS = 1000 / 60
const MIB = 2 ** 20
const en = strings('en')

function report(what: string, values: readonly number[], target: number | null, unit = 'ms'): void {
  const [p50, p95] = [percentile(values, 0.5), percentile(values, 0.95)]
  const ratio = target === null ? '' : `target ${target.toFixed(0)}  p95/target ${(p95 / target).toFixed(2)}`
  console.log(
    `${what.padEnd(52)} p50 ${p50.toFixed(1).padStart(7)}  p95 ${p95.toFixed(1).padStart(7)}  ` +
      `most ${Math.max(...values)
        .toFixed(1)
        .padStart(7)} ${unit}  n ${String(values.length).padStart(4)}  ${ratio}`
  )
}

const inKib = ({ code, fonts }: AssetSizes) =>
  `${(code / 1024).toFixed(0)} KiB of code as gzip, ${(fonts / 1024).toFixed(0)} KiB of fonts`

async function openPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: VIEWPORT, locale: 'en-GB' })
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  await installRecorder(page)
  return page
}

/** Which drawing this Chromium does: a graphics card's name, or that of the software in its stead. */
function graphics(page: Page): Promise<string> {
  return page.evaluate(() => {
    const gl = document.createElement('canvas').getContext('webgl2')
    const info = gl?.getExtension('WEBGL_debug_renderer_info')
    return gl ? String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER)) : 'no WebGL2'
  })
}

async function measureTable(userFolder: string, project: string, browser: Browser): Promise<void> {
  const server = await startServer(userFolder, [project])
  const rest = 1000
  try {
    const page = await openPage(browser)
    await page.goto(server.address)
    report('first film rows, project open in the host', [await timeToRows(page)], null)
    console.log(`fetched until then, in English: ${inKib(await fetchedAssets(page))}`)
    const painted: number[] = []
    const rows: number[] = []
    for (let round = 0; round < 8; round++) {
      await page.reload()
      rows.push(await timeToRows(page))
      painted.push(
        await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]!.startTime)
      )
    }
    report('reload: first contentful paint', painted, null)
    report('reload: first film rows', rows, null)

    const grid = page.getByRole('grid')
    const box = (await grid.boundingBox())!
    const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
    const pointer = await page.context().newCDPSession(page)
    const wheel = (yDistance: number, speed: number) => async () => {
      await pointer.send('Input.synthesizeScrollGesture', {
        ...at,
        yDistance,
        speed,
        gestureSourceType: 'mouse'
      })
    }
    const held = (key: string, times: number) => async () => {
      for (let press = 0; press < times; press++) {
        await page.keyboard.down(key)
        await page.waitForTimeout(33)
      }
      await page.keyboard.up(key)
    }
    const works: [string, () => Promise<void>][] = [
      ['scroll frame, wheel at 1,500 px/s', wheel(-9_000, 1_500)],
      ['scroll frame, wheel at 8,000 px/s', wheel(-48_000, 8_000)],
      ['scroll frame, back over seen rows at 8,000 px/s', wheel(48_000, 8_000)],
      ['scroll frame, arrow key held', held('ArrowDown', 150)],
      ['scroll frame, Page Down held', held('PageDown', 150)]
    ]
    for (const [name, work] of works) {
      await page.waitForTimeout(rest)
      const frames = await framesDuring(page, work)
      report(
        name,
        frames.map(frame => frame.length),
        FRAME_MS
      )
      const late = frames.filter(frame => frame.length > 2.5 * FRAME_MS).length / frames.length
      const empty = frames.filter(frame => frame.waiting > 0).length / frames.length
      console.log(
        `${''.padEnd(52)} frames later than 41 ms ${(100 * late).toFixed(1)} %, with rows still empty ${(100 * empty).toFixed(1)} %`
      )
    }
    const jumps: number[] = []
    for (let jump = 0; jump < 20; jump++) {
      const share = ((jump * 7) % 20) / 20
      jumps.push(
        await page.evaluate(async to => {
          const table = document.querySelector('[role=grid]')!
          const start = performance.now()
          table.scrollTop = to * table.scrollHeight
          const frame = () => new Promise(requestAnimationFrame)
          await frame()
          do await frame()
          while (document.querySelector('.row > .waiting'))
          return performance.now() - start
        }, share)
      )
    }
    report('jump to another place until its rows are there', jumps, null)
  } finally {
    await server.close()
  }

  const opening: number[] = []
  for (let round = 0; round < 3; round++) {
    const fresh = await startServer(userFolder)
    try {
      const page = await openPage(browser)
      await page.goto(fresh.address)
      const open = page.getByRole('button', { name: /^Bench/ })
      await open.waitFor()
      const before = await page.evaluate(() => performance.now())
      await open.click()
      opening.push((await timeToRows(page)) - before)
      await page.context().close()
    } finally {
      await fresh.close()
    }
  }
  report('open the project until first film rows', opening, null)
}

async function measureReading(userFolder: string, project: string, browser: Browser): Promise<void> {
  const server = await startServer(userFolder, [project])
  try {
    const page = await openPage(browser)
    await page.goto(server.address)
    await timeToRows(page)
    const search = page.getByRole('textbox', { name: en('studies.search') })
    for (const [name, text] of [
      ['uncompressed', 'explicit'],
      ['JPEG Lossless', 'jpeg']
    ] as const) {
      await page.getByRole('link', { name: en('nav.studies') }).click()
      await search.fill(text)
      await page.waitForTimeout(1500)
      await page.getByRole('grid').focus()
      await page.keyboard.press('End')
      const times: number[] = []
      for (let film = 0; film < COLD_FILMS; film++) {
        await page.keyboard.press('ArrowUp')
        await page.waitForTimeout(LOOK_MS)
        times.push(await timeToFilm(page, 'Enter'))
        await page.waitForTimeout(LOOK_MS)
        await page.getByRole('link', { name: en('nav.studies') }).click()
        await page.getByRole('grid').getByRole('row').nth(3).waitFor()
      }
      // The first also fetches the screen's code.
      report(`film from the table, cold, 3 megapixels ${name}`, times.slice(1), 300)
    }

    await search.fill('explicit')
    await page.waitForTimeout(1500)
    await page.getByRole('grid').focus()
    await page.keyboard.press('Home')
    await timeToFilm(page, 'Enter')
    const next: number[] = []
    const labelled: number[] = []
    for (let film = 0; film < FILMS_READ; film++) {
      await page.waitForTimeout(LOOK_MS)
      if (film % 4 === 3) labelled.push(await timeToFilm(page, '4'))
      else next.push(await timeToFilm(page, 'n'))
    }
    report('next film (N), prefetched', next, 50)
    report('label (4), saved, next film', labelled, 50)
    const read = await filmsRead(page)

    const memory = descendantMemory().filter(({ name }) => name !== 'other')
    console.log(`memory of all processes after ${read} films on screen, MiB`)
    for (const name of new Set(memory.map(each => each.name))) {
      const same = memory.filter(each => each.name === name)
      const sum = (key: 'resident' | 'proportional') =>
        (same.reduce((total, each) => total + each[key], 0) / MIB).toFixed(0).padStart(6)
      console.log(
        `  ${`${name} x ${same.length}`.padEnd(50)} resident ${sum('resident')}  proportional ${sum('proportional')}`
      )
    }
    const total = (key: 'resident' | 'proportional') =>
      (memory.reduce((all, each) => all + each[key], 0) / MIB).toFixed(0).padStart(6)
    console.log(`  ${'all'.padEnd(50)} resident ${total('resident')}  proportional ${total('proportional')}`)
  } finally {
    await server.close()
  }
}

const total = Number(process.argv[2] ?? SERIES_FILMS)
process.env.NEOGATE_TEST_CHROMIUM ??= '/usr/bin/chromium'
const folder = await temporaryFolder('bench-screens')
const userFolder = join(folder.path, 'user')
const browser = await launchChromium()
try {
  const page = await openPage(browser)
  console.log(
    `${cpus()[0]!.model.trim()} x ${cpus().length}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, load ${loadavg()[0]!.toFixed(1)}; ` +
      `Chromium ${browser.version()}, window ${VIEWPORT.width} x ${VIEWPORT.height}, drawn by ${await graphics(page)}`
  )
  await page.context().close()
  console.log(`screens, all that is shipped: ${inKib(allAssets())}`)
  const reading = await makeReadingProject(folder.path, PLAIN_FILMS, COMPRESSED_FILMS)
  await measureReading(userFolder, reading, browser)
  const series = await makeSeries(folder.path, total)
  console.log(`${total} films in the table`)
  await measureTable(userFolder, series, browser)
} finally {
  await browser.close()
  await folder.remove()
}
