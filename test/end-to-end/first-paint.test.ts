import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allAssets, fetchedAssets } from '../support/asset-sizes'
import { strings } from '../support/strings'
import { startChromium } from './shells'
import { openWard, WARD_MS, type Ward } from './ward'

const KIB = 1024
const en = strings('en')

describe('the first screen', () => {
  let ward: Ward
  let page: Page

  beforeAll(async () => {
    ward = await openWard(startChromium, { infants: 8 })
    page = ward.shell.page
    await page.reload()
    await page.getByRole('grid').getByRole('row').nth(3).waitFor()
    await page.evaluate(() => document.fonts.ready)
  }, WARD_MS)
  afterAll(() => ward?.close())

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
    await dialog.getByLabel(en('browse.path')).fill(ward.folder)
    await dialog.getByRole('button', { name: en('browse.go') }).click()
    await dialog.getByRole('button', { name: 'user' }).waitFor()
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
