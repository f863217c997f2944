import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { launchChromium } from '../../support/browser-page'
import { startServer } from '../../support/localhost-server'
import { runNeogate } from '../../support/run-neogate'
import { percentile } from '../support/measure'

export const FRAME_MS = 1000 / 60

/** Runs commands of the terminal one after another. @throws Error where one fails */
export async function neogate(user: string, ...commands: string[][]): Promise<void> {
  for (const args of commands) {
    const { code, stderr } = await runNeogate(args, user)
    if (code !== 0) throw new Error(`${args.join(' ')}: ${stderr}`)
  }
}

/** A project in the Reading room of a Chromium without a window, its first film on screen. */
export async function openReadingRoom(
  folder: string,
  project: string
): Promise<{ page: Page; close(): Promise<void> }> {
  process.env.NEOGATE_TEST_CHROMIUM ??= '/usr/bin/chromium'
  const server = await startServer(join(folder, 'user'), [project])
  const browser = await launchChromium()
  const context = await browser.newContext({ viewport: { width: 1600, height: 1000 }, locale: 'en-GB' })
  const page = await context.newPage()
  page.setDefaultTimeout(60_000)
  // tsx wraps named functions in a helper of its own, which the page does not have.
  await page.addInitScript('globalThis.__name = value => value')
  await page.goto(server.address)
  await page.getByRole('grid').getByRole('row').nth(2).waitFor()
  await page.getByRole('grid').focus()
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => performance.getEntriesByName('film-shown').length > 0)
  return {
    page,
    async close() {
      await browser.close()
      await server.close()
    }
  }
}

/** One line: median, 95th percentile and most, and the latter's ratio to a target. */
export function report(what: string, values: readonly number[], target: number | null): void {
  const [p50, p95] = [percentile(values, 0.5), percentile(values, 0.95)]
  const ratio =
    target === null ? '' : `  target ${target.toFixed(0)}  p95/target ${(p95 / target).toFixed(2)}`
  console.log(
    `${what.padEnd(58)} p50 ${p50.toFixed(1).padStart(6)}  p95 ${p95.toFixed(1).padStart(6)}  ` +
      `most ${Math.max(...values)
        .toFixed(1)
        .padStart(6)} ms  n ${values.length}${ratio}`
  )
}
