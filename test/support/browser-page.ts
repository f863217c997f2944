import { chromium, type Page } from 'playwright-core'
import { testProgram } from './built'
import { startServer } from './localhost-server'

export interface RunningBrowser {
  page: Page
  close(): Promise<void>
}

/** Starts the browser mode and opens its printed address in the test line's Chromium. */
export async function startBrowser(
  userFolder: string,
  viewport: { width: number; height: number }
): Promise<RunningBrowser> {
  const server = await startServer(userFolder)
  const browser = await chromium.launch({
    executablePath: testProgram('NEOGATE_TEST_CHROMIUM'),
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : []
  })
  const context = await browser.newContext({ viewport, locale: 'en-GB' })
  const page = await context.newPage()
  await page.goto(server.address)
  return {
    page,
    async close() {
      await browser.close()
      await server.close()
    }
  }
}
