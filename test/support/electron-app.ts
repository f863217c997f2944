import { once } from 'node:events'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { built, root, testProgram } from './built'

export interface RunningElectron {
  app: ElectronApplication
  page: Page
  /** What the app has written to stderr and stdout so far. */
  log(): string
  close(): Promise<void>
  /** Ends the app at once, as a crash would. */
  kill(): Promise<void>
}

/** Starts the built app in the test line's Electron, with settings of its own. */
export async function startElectron(userFolder: string): Promise<RunningElectron> {
  built('main/index.cjs')
  const sandboxFlags = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const app = await _electron.launch({
    executablePath: testProgram('NEOGATE_TEST_ELECTRON'),
    args: [...sandboxFlags, root],
    env: { ...(process.env as Record<string, string>), NEOGATE_USER_FOLDER: userFolder }
  })
  let log = ''
  app.process().stdout?.on('data', part => (log += String(part)))
  app.process().stderr?.on('data', part => (log += String(part)))
  const page = await app.firstWindow()
  await page.waitForLoadState('domcontentloaded')
  return {
    app,
    page,
    log: () => log,
    close: () => app.close(),
    async kill() {
      const child = app.process()
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    }
  }
}
