/**
 * From a key press to the label's being acknowledged, in Chromium through the browser mode: 'Saved' on the screen, which stands there
 * only once the core has written label and history to the disk and said so. In a project of the size of the largest published
 * newborn series, against the same change made in the core alone. Needs `npm run build`.
 *
 *   node --import tsx test/bench/reading/label.ts [FILMS] [PRESSES]
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { openProjectDatabase } from '../../../src/core/database'
import { systemClock } from '../../../src/core/foundation'
import { createLabelStore } from '../../../src/core/label-store'
import { makeSeries } from '../screens/series'
import { SERIES_FILMS } from '../support/large-project'
import { neogate, openReadingRoom, report } from './reading-page'

const films = Number(process.argv[2] ?? SERIES_FILMS)
const presses = Number(process.argv[3] ?? 300)
const TARGET_MS = 30
/** A film after so many presses. */
const PRESSES_A_FILM = 5

declare global {
  interface Window {
    /** Milliseconds from the last key press until its label was acknowledged. */
    acknowledged: Promise<number>
  }
}

const folder = await mkdtemp(join(tmpdir(), 'neogate-bench-label-'))
try {
  const project = await makeSeries(folder, films)
  const user = join(folder, 'user')
  await neogate(user, ['audit', 'verify', project])
  const settings = join(user, 'settings.json')
  const written = JSON.parse(await readFile(settings, 'utf8').catch(() => '{}')) as object
  await writeFile(settings, JSON.stringify({ ...written, autoAdvance: false }))

  const { page, close } = await openReadingRoom(folder, project)
  await page.evaluate(() => {
    window.addEventListener(
      'keydown',
      event => {
        window.acknowledged = new Promise(resolve => {
          // 'Saving' takes the place of what stood there, then 'Saved' that of 'Saving'.
          let saving = false
          const watch = new MutationObserver(() => {
            saving ||= document.querySelector('.status .saved') === null
            if (!saving || !document.querySelector('.status .saved')) return
            watch.disconnect()
            resolve(performance.now() - event.timeStamp)
          })
          watch.observe(document.body, { childList: true, subtree: true, characterData: true })
        })
      },
      { capture: true }
    )
  })
  const pressed: number[] = []
  const tagged: number[] = []
  for (let press = 0; press < presses; press++) {
    if (press % PRESSES_A_FILM === 0) {
      await page.keyboard.press('n')
      await page.waitForTimeout(400)
    }
    await page.keyboard.press(String(1 + (press % 6)))
    pressed.push((await page.evaluate(() => window.acknowledged)) as number)
    await page.waitForTimeout(30)
  }
  for (let press = 0; press < 60; press++) {
    await page.keyboard.press('t')
    await page.keyboard.type(press % 2 === 0 ? 'ett l' : 'ett h')
    await page.keyboard.press('Enter')
    tagged.push((await page.evaluate(() => window.acknowledged)) as number)
    await page.keyboard.press('Escape')
    await page.waitForTimeout(30)
  }
  await close()

  const database = await openProjectDatabase({ folder: project, mode: 'open' })
  const labels = createLabelStore(database, systemClock, () => 'ok')
  const ids = await database.kysely.selectFrom('film').select('id').limit(presses).execute()
  const bare: number[] = []
  for (const [place, { id }] of ids.entries()) {
    const revision = await labels.head()
    const start = performance.now()
    await labels.setLabel({
      filmId: id,
      value: { diagnosis: place % 2 ? 'RDS' : 'TTN', certainty: 'unsure', comment: '' },
      revision,
      reader: 'Bench'
    })
    bare.push(performance.now() - start)
  }
  await database.close()

  console.log(`${films} films in the project`)
  report('label in the core alone, written and synced', bare, null)
  report('key press to acknowledged label', pressed, TARGET_MS)
  report('Enter to acknowledged findings and devices', tagged, TARGET_MS)
} finally {
  await rm(folder, { recursive: true, force: true })
}
