import type { Page } from 'playwright-core'
import { startBrowser } from '../support/browser-page'
import { startElectron } from '../support/electron-app'

export interface Shell {
  page: Page
  close(): Promise<void>
  /** Ends the host at once, as a crash or a power cut would. */
  kill(): Promise<void>
}

const VIEWPORT = { width: 1600, height: 1000 }

/** The two shells of the product, with the same screens. */
export const shells: [name: string, start: (userFolder: string) => Promise<Shell>][] = [
  ['Electron', startElectron],
  ['Chromium', userFolder => startBrowser(userFolder, VIEWPORT)]
]
