/**
 * From a slider's input to the bars of another prediction, in Chromium through the browser mode: until they are changed in the page,
 * and until the display frame that draws them is done. A display frame is 16.7 ms by itself; frames while a hand drags say whether
 * any was missed. For the demo model and for the paper's network, whose gate has 2,048 channels. Needs `npm run build`.
 *
 *   node --import tsx test/bench/reading/what-if.ts [MOVES]
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { runNeogate } from '../../support/run-neogate'
import { strings } from '../../support/strings'
import { FRAME_MS, neogate, openReadingRoom, report } from './reading-page'

const moves = Number(process.argv[2] ?? 200)
const TARGET_MS = 16
const en = strings('en')

interface Step {
  /** From the browser's note of the input to the page's hearing of it. */
  heard: number
  changed: number
  drawn: number
}

declare global {
  interface Window {
    steps: Step[]
    frameTimes: number[]
  }
}

/** Notes for every input of a slider when the bars changed next, and when they were drawn. */
function record(): void {
  window.steps = []
  window.frameTimes = []
  let asked: { at: number; heard: number } | null = null
  const done = new MessageChannel()
  let finish = (_at: number) => {}
  done.port1.onmessage = () => finish(performance.now())
  const note = (event: Event) => {
    if (event.target instanceof HTMLInputElement && event.target.type === 'range')
      asked ??= { at: event.timeStamp, heard: performance.now() - event.timeStamp }
  }
  window.addEventListener('keydown', note, { capture: true })
  window.addEventListener('input', note, { capture: true })
  const bars = document.querySelector('.bar')!.closest('ul')!
  new MutationObserver(() => {
    if (asked === null) return
    const { at: start, heard } = asked
    asked = null
    const changed = performance.now() - start
    requestAnimationFrame(() => {
      finish = at => window.steps.push({ heard, changed, drawn: at - start })
      done.port2.postMessage(null)
    })
  }).observe(bars, { subtree: true, attributes: true, characterData: true })
  let last = performance.now()
  const onFrame = (now: number) => {
    window.frameTimes.push(now - last)
    last = now
    requestAnimationFrame(onFrame)
  }
  requestAnimationFrame(onFrame)
}

async function measure(page: Page, model: string): Promise<void> {
  const panel = page.getByRole('region', { name: en('field.predicted') })
  await panel.getByText(/%/).first().waitFor({ timeout: 120_000 })
  await page.keyboard.press('w')
  await page.waitForTimeout(500)
  await page.evaluate(record)
  for (let move = 0; move < moves; move++) {
    await page.keyboard.press(move % 40 < 20 ? 'PageUp' : 'PageDown')
    await page.waitForTimeout(37)
  }
  const steps = await page.evaluate(() => window.steps)
  report(
    `${model}: key on a slider until the page hears of it`,
    steps.map(({ heard }) => heard),
    null
  )
  report(
    `${model}: key on a slider to bars changed`,
    steps.map(({ changed }) => changed),
    TARGET_MS
  )
  report(
    `${model}: key on a slider to their frame's end`,
    steps.map(({ drawn }) => drawn),
    TARGET_MS
  )

  const slider = panel.getByRole('slider').nth(1)
  await slider.scrollIntoViewIfNeeded()
  const box = (await slider.boundingBox())!
  const y = box.y + box.height / 2
  await page.mouse.move(box.x + box.width / 3, y)
  await page.mouse.down()
  await page.evaluate(() => {
    window.steps = []
    window.frameTimes = []
  })
  for (let move = 0; move < moves; move++) {
    await page.mouse.move(box.x + box.width * (0.3 + 0.2 * Math.sin(move / 9)), y)
    await page.waitForTimeout(8)
  }
  await page.mouse.up()
  const dragged = await page.evaluate(() => ({ steps: window.steps, frames: window.frameTimes.slice(1) }))
  report(
    `${model}: dragged, input to bars changed`,
    dragged.steps.map(({ changed }) => changed),
    TARGET_MS
  )
  report(
    `${model}: dragged, input to their frame's end`,
    dragged.steps.map(({ drawn }) => drawn),
    TARGET_MS
  )
  report(`${model}: frames while dragged`, dragged.frames, FRAME_MS)
}

const folder = await mkdtemp(join(tmpdir(), 'neogate-bench-what-if-'))
try {
  const at = (part: string) => join(folder, part)
  await neogate(
    at('user'),
    ['demo', 'make', at('study'), '--infants', '6'],
    ['new', at('project'), '--name', 'Bench'],
    ['import', at('project'), at('study'), '--table', join(at('study'), 'labels.csv')]
  )
  const small = await openReadingRoom(folder, at('project'))
  await measure(small.page, 'demo model')
  await small.close()
  const options = ['--method', 'ccgn', '--size', '512', '--seed', '1', '--name', 'Paper']
  await neogate(
    at('user'),
    ['model', 'new', ...options, '--out', at('paper')],
    ['predict', at('project'), '--model', at('paper')]
  )
  const { stdout } = await runNeogate(['model', 'list', at('project'), '--json'], at('user'))
  const { id } = (JSON.parse(stdout) as { id: string; name: string }[]).find(({ name }) => name === 'Paper')!
  await neogate(at('user'), ['model', 'promote', at('project'), id, '--reason', 'bench', '--confirm'])
  const whole = await openReadingRoom(folder, at('project'))
  await measure(whole.page, 'CCGN, 2,048 channels')
  await whole.close()
} finally {
  await rm(folder, { recursive: true, force: true })
}
