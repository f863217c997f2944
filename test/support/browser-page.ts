import { chromium, type Browser, type Page } from 'playwright-core'
import { testProgram } from './built'
import { startServer } from './localhost-server'

export interface RunningBrowser {
  page: Page
  close(): Promise<void>
  /** Ends the server at once, as a crash would. */
  kill(): Promise<void>
}

/** The test line's Chromium, without a window. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: testProgram('NEOGATE_TEST_CHROMIUM'),
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : []
  })
}

/** Starts the browser mode and opens its printed address in the test line's Chromium. */
export async function startBrowser(
  userFolder: string,
  viewport: { width: number; height: number },
  args: string[] = []
): Promise<RunningBrowser> {
  const server = await startServer(userFolder, args)
  const browser = await launchChromium()
  const context = await browser.newContext({ viewport, locale: 'en-GB' })
  const page = await context.newPage()
  await page.goto(server.address)
  return {
    page,
    async close() {
      await browser.close()
      await server.close()
    },
    async kill() {
      await server.kill()
      await browser.close()
    }
  }
}
