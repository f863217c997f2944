import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { expect } from 'vitest'
import { axeViolations } from '../support/axe'
import { root } from '../support/built'
import { cutOff } from '../support/cut-off'
import { strings } from '../support/strings'

/** A page of 1600 by 1200 pixels at 200 %. */
const AT_TWICE = { width: 800, height: 600 }

/**
 * The screen is free of axe findings, says what NeoGate is for, and loses nothing at 200 % (WCAG 1.4.4). Its picture goes to docs/screenshots where
 * NEOGATE_SCREENSHOTS asks for it, from Chromium (Electron's test runtime says on every screen that it is one), else to
 * `folder`.
 */
export async function checkScreen(page: Page, shell: string, picture: string, folder: string): Promise<void> {
  expect(await page.getByText(strings('en')('app.research')).first().isVisible()).toBe(true)
  if (process.env.NEOGATE_SCREENSHOTS && shell === 'Chromium') {
    // Notices of earlier steps go by themselves.
    await expect
      .poll(() => page.getByRole('log', { name: strings('en')('app.notices') }).innerText(), {
        timeout: 10_000
      })
      .toBe('')
    await page.evaluate(showReadersFolder, [`${join(tmpdir(), 'neogate-')}[\\w-]+`, `${homedir()}\\b`])
    const file = join(root, 'docs', 'screenshots', `${picture}.png`)
    await sharp(await page.screenshot())
      .png({ palette: true, effort: 10 })
      .toFile(file)
  } else await page.screenshot({ path: join(folder, `${picture}.png`) })
  expect(await axeViolations(page)).toEqual([])
  const size = page.viewportSize()
  if (!size) return
  await page.setViewportSize(AT_TWICE)
  await page.evaluate(laidOutAnew)
  expect(await cutOff(page)).toEqual([])
  await page.setViewportSize(size)
}

/** Runs in the page: observers of sizes have been called, and what they changed is laid out. */
function laidOutAnew(): Promise<void> {
  const frame = () => new Promise(resolve => requestAnimationFrame(resolve))
  return frame()
    .then(frame)
    .then(frame)
    .then(() => {})
}

/** Runs in the page: the docs show a reader's folder in place of those of the machine that took the picture. */
function showReadersFolder(patterns: string[]): void {
  const folders = new RegExp(patterns.join('|'), 'g')
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const shown = node.nodeValue!.replace(folders, '/home/kim')
    if (shown !== node.nodeValue) node.nodeValue = shown
  }
  for (const input of document.querySelectorAll<HTMLInputElement>('input[type=text]'))
    input.value = input.value.replace(folders, '/home/kim')
}
