import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allAssets, fetchedAssets } from '../support/asset-sizes'
import { startBrowser, type RunningBrowser } from '../support/browser-page'
import { runNeogate } from '../support/run-neogate'
import { strings } from '../support/strings'
import { temporaryFolder } from '../support/temporary-folder'

const KIB = 1024
const SET_UP_MS = 300_000
const en = strings('en')

describe('the first screen', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let browser: RunningBrowser
  let page: Page

  beforeAll(async () => {
    folder = await temporaryFolder('e2e-first-paint')
    const [user, study, project] = ['user', 'study', 'project'].map(name => join(folder.path, name)) as [
      string,
      string,
      string
    ]
    for (const args of [
      ['demo', 'make', study, '--infants', '6'],
      ['new', project, '--name', 'First'],
      ['import', project, study, '--table', join(study, 'labels.csv')]
    ]) {
      const { code, stderr } = await runNeogate(args, user)
      expect(code, stderr).toBe(0)
    }
    browser = await startBrowser(user, { width: 1600, height: 1000 }, [project])
    page = browser.page
    await page.getByRole('grid').getByRole('row').nth(3).waitFor()
    await page.evaluate(() => document.fonts.ready)
  }, SET_UP_MS)
  afterAll(async () => {
    await browser.close()
    await folder.remove()
  })

  it('fetches what it needs, and no more', async () => {
    const fetched = await fetchedAssets(page)
    console.log(
      `fetched for the first film rows: ${(fetched.code / KIB).toFixed(0)} KiB of code as gzip of ` +
        `${(allAssets().code / KIB).toFixed(0)}, ${(fetched.fonts / KIB).toFixed(0)} KiB of fonts`
    )
    expect(fetched.code).toBeLessThanOrEqual(350 * KIB)
    expect(fetched.fonts).toBeLessThanOrEqual(400 * KIB)
    // The other language, and the screens that are not open.
    expect(fetched.names.filter(name => /^(?:ko|reading-room|\w*Training\w*|AppDialog)-/.test(name))).toEqual(
      []
    )
  })

  it('fetches the folder dialog when it is asked for, and has its keyboard in it', async () => {
    await page.getByRole('link', { name: en('nav.start') }).click()
    await page
      .getByRole('button', { name: en('action.chooseFolder') })
      .first()
      .click()
    const dialog = page.getByRole('dialog', { name: en('browse.title') })
    await dialog.getByLabel(en('browse.path')).fill(folder.path)
    await dialog.getByRole('button', { name: en('browse.go') }).click()
    await dialog.getByRole('button', { name: 'study' }).waitFor()
    await expect.poll(() => dialog.locator(':focus').count(), { timeout: 10_000 }).toBe(1)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
  })

  it('fetches Korean once it is asked for', async () => {
    await page.getByRole('link', { name: en('nav.settings') }).click()
    await page.getByLabel(en('settings.language')).selectOption('ko')
    await page.getByRole('heading', { name: strings('ko')('settings.title'), level: 1 }).waitFor()
    const { names } = await fetchedAssets(page)
    expect(names.some(name => /^ko-/.test(name))).toBe(true)
  })
})
