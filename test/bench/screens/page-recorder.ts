import type { Page } from 'playwright-core'

/** One frame's length in milliseconds, and how many rows stood empty in it. */
export interface Frame {
  length: number
  waiting: number
}

interface Recorder {
  /** Milliseconds from the next key press to the display frame after the film's first picture. */
  film: Promise<number> | null
  filmsShown: number
  frames: Frame[]
  recording: boolean
  /** Milliseconds since navigation at the display frame after the first table row with a film. */
  firstRows: Promise<number>
}

declare global {
  interface Window {
    recorder: Recorder
  }
}

/** Puts the recorder into every page of this tab before any of its own code runs. */
export async function installRecorder(page: Page): Promise<void> {
  // tsx wraps named functions in a helper of its own, which the page does not have.
  await page.addInitScript('globalThis.__name = value => value')
  await page.addInitScript(() => {
    const firstRows = new Promise<number>(resolve => {
      const watch = new MutationObserver(() => {
        if (!document.querySelector('[role=row] .patient')) return
        watch.disconnect()
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now())))
      })
      watch.observe(document, { childList: true, subtree: true })
    })
    const recorder: Recorder = { film: null, filmsShown: 0, frames: [], recording: false, firstRows }
    window.recorder = recorder

    const measure = performance.measure.bind(performance)
    let shown = (_at: number) => {}
    // A message sent in a display frame's callbacks arrives once the page's part of that frame is done.
    const frameDone = new MessageChannel()
    frameDone.port1.onmessage = () => shown(performance.now())
    performance.measure = (name: string, ...rest: never[]) => {
      if (name === 'film-shown') {
        recorder.filmsShown += 1
        requestAnimationFrame(() => frameDone.port2.postMessage(null))
      }
      return measure(name, ...rest)
    }
    window.addEventListener(
      'keydown',
      event => {
        recorder.film = new Promise(resolve => (shown = at => resolve(at - event.timeStamp)))
      },
      { capture: true }
    )

    let last = 0
    const onFrame = (now: number) => {
      if (recorder.recording)
        recorder.frames.push({
          length: now - last,
          waiting: document.querySelectorAll('.row > .waiting').length
        })
      last = now
      requestAnimationFrame(onFrame)
    }
    requestAnimationFrame(onFrame)
  })
}

/** Presses a key. @returns milliseconds until its film is on screen */
export async function timeToFilm(page: Page, key: string): Promise<number> {
  await page.keyboard.press(key)
  return (await page.evaluate(() => window.recorder.film))!
}

/** Every frame while `work` goes on. */
export async function framesDuring(page: Page, work: () => Promise<void>): Promise<Frame[]> {
  await page.evaluate(() => {
    window.recorder.frames = []
    window.recorder.recording = true
  })
  await work()
  return page.evaluate(() => {
    window.recorder.recording = false
    return window.recorder.frames.slice(1)
  })
}

/** @returns milliseconds since navigation until the table's first rows were on screen */
export function timeToRows(page: Page): Promise<number> {
  return page.evaluate(() => window.recorder.firstRows)
}

/** Films put on screen since navigation. */
export function filmsRead(page: Page): Promise<number> {
  return page.evaluate(() => window.recorder.filmsShown)
}
