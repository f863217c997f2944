import { join } from 'node:path'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { expect } from 'vitest'
import { axeViolations } from '../support/axe'
import { root } from '../support/built'
import { strings } from '../support/strings'

/**
 * The screen is free of axe findings and says what NeoGate is for. Its picture goes to docs/screenshots where
 * NEOGATE_SCREENSHOTS asks for it, from Electron (the docs show the window, not the browser), else to `folder`.
 */
export async function checkScreen(page: Page, shell: string, picture: string, folder: string): Promise<void> {
  expect(await page.getByText(strings('en')('app.research')).first().isVisible()).toBe(true)
  if (process.env.NEOGATE_SCREENSHOTS && shell === 'Electron') {
    const file = join(root, 'docs', 'screenshots', `${picture}.png`)
    await sharp(await page.screenshot())
      .png({ palette: true, effort: 10 })
      .toFile(file)
  } else await page.screenshot({ path: join(folder, `${picture}.png`) })
  expect(await axeViolations(page)).toEqual([])
}
