/**
 * Whether memory stays flat while a reader goes through film after film of three megapixels: all processes, in Chromium through
 * the browser mode. Needs `npm run build`; Linux.
 *
 *   npm run bench -- reading-memory [FILMS]
 */
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import { launchChromium } from '../support/browser-page'
import { startServer } from '../support/localhost-server'
import { temporaryFolder } from '../support/temporary-folder'
import { installRecorder, timeToFilm, timeToRows } from './screens/page-recorder'
import { makeSeries } from './screens/series'
import { descendantMemory } from './support/process-memory'

const MIB = 2 ** 20
const MEASUREMENTS = 8
/** A very hurried look: what matters here is how many films pass, not what a reader sees. */
const LOOK_MS = 60
/** Caches of films are full by then; what comes after must not grow. */
const FILLED_AFTER = 2

const total = Number(process.argv[2] ?? 2000)
const every = Math.ceil(total / MEASUREMENTS)
process.env.NEOGATE_TEST_CHROMIUM ??= '/usr/bin/chromium'

/** Proportional MiB by kind of process. */
function memory() {
  const all = descendantMemory().filter(({ name }) => name !== 'other')
  const of = (prefix: string) =>
    all.filter(({ name }) => name.startsWith(prefix)).reduce((sum, each) => sum + each.proportional, 0) / MIB
  return {
    pages: of('Chromium renderer'),
    host: of('NeoGate host'),
    children: of('NeoGate child'),
    all: of('')
  }
}

const folder = await temporaryFolder('bench-memory')
const browser = await launchChromium()
try {
  const project = await makeSeries(folder.path, total + 20)
  const server = await startServer(join(folder.path, 'user'), [project])
  try {
    const page = await browser.newPage({ viewport: { width: 1600, height: 1000 }, locale: 'en-GB' })
    page.setDefaultTimeout(30_000)
    await installRecorder(page)
    await page.goto(server.address)
    await timeToRows(page)
    await page.getByRole('grid').focus()
    await page.keyboard.press('Home')
    await timeToFilm(page, 'Enter')
    console.log(
      `${total} films of 1536 x 2048 in a row, ${availableParallelism()} cores, load ${loadavg()[0]!.toFixed(1)}; proportional MiB`
    )
    console.log('films   pages  host  children  all')
    const measured: number[] = []
    for (let film = 1; film <= total; film++) {
      await timeToFilm(page, 'n')
      await page.waitForTimeout(LOOK_MS)
      if (film % every !== 0 && film !== total) continue
      const now = memory()
      measured.push(now.all)
      const column = (value: number, width: number) => value.toFixed(0).padStart(width)
      console.log(
        `${String(film).padEnd(6)}${column(now.pages, 7)}${column(now.host, 6)}${column(now.children, 10)}${column(now.all, 5)}`
      )
    }
    const settled = measured.slice(FILLED_AFTER)
    const growth = (settled.at(-1)! - settled[0]!) / settled[0]!
    console.log(`growth since film ${(FILLED_AFTER + 1) * every}: ${(100 * growth).toFixed(1)} %`)
  } finally {
    await server.close()
  }
} finally {
  await browser.close()
  await folder.remove()
}
