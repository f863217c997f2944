import type { Page } from 'playwright-core'
import { startBrowser } from '../support/browser-page'
import { startElectron } from '../support/electron-app'

export interface Shell {
  page: Page
  /** What the page has thrown or written to its console as an error. */
  problems: string[]
  close(): Promise<void>
  /** Ends the host at once, as a crash or a power cut would. */
  kill(): Promise<void>
}

export type StartShell = (userFolder: string) => Promise<Shell>

/** What a step may take on a machine that does other things as well. */
const STEP_MS = 60_000
const VIEWPORT = { width: 1600, height: 1000 }

const watched =
  (start: (userFolder: string) => Promise<Omit<Shell, 'problems'>>): StartShell =>
  async userFolder => {
    const shell = await start(userFolder)
    shell.page.setDefaultTimeout(STEP_MS)
    return { ...shell, problems: problemsOf(shell.page) }
  }

/** A list that grows with what the page throws or writes to its console as an error. */
function problemsOf(page: Page): string[] {
  const problems: string[] = []
  page.on('pageerror', error => problems.push(error.message))
  page.on('console', message => {
    if (message.type() === 'error') problems.push(message.text())
  })
  return problems
}

export const startChromium = watched(userFolder => startBrowser(userFolder, VIEWPORT))

/** The two shells of the product, with the same screens. */
export const shells: [name: string, start: StartShell][] = [
  ['Electron', watched(startElectron)],
  ['Chromium', startChromium]
]
