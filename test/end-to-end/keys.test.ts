import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { axeViolations } from '../support/axe'
import { strings } from '../support/strings'
import { checkScreen } from './check-screen'
import { shells } from './shells'
import { openWard, WARD_MS, type Ward } from './ward'

/** A busy machine takes its time. */
const WAIT = { timeout: 30_000 }
const en = strings('en')
const ko = strings('ko')

describe.each(shells)('keys in %s', (name, start) => {
  let ward: Ward
  let page: Page

  beforeAll(async () => {
    ward = await openWard(start, { infants: 8 })
    page = ward.shell.page
  }, WARD_MS)
  afterAll(() => ward?.close())

  const screen = (key: string) => page.getByRole('navigation').getByRole('link', { name: en(key) })
  const card = () => page.getByRole('region', { name: en('keys.title') })
  /** The row of an action by its name. */
  const row = (key: string) =>
    card()
      .getByRole('row', { name: en(key) })
      .first()
  const says = (key: string, values: Record<string, string>) =>
    Object.entries(values).reduce((text, [what, value]) => text.replaceAll(`{${what}}`, value), en(key))
  const add = (key: string) =>
    row(key)
      .getByRole('button', { name: says('settings.keys.add', { action: en(key) }), exact: true })
      .click()
  const keysOf = (key: string) => row(key).locator('kbd').allInnerTexts()

  it('are found from the key sheet and recorded by pressing them', async () => {
    await page.keyboard.press('?')
    await page
      .getByRole('dialog')
      .getByRole('link', { name: en('keys.change') })
      .click()
    await page.getByRole('heading', { name: en('settings.title'), level: 1 }).waitFor()
    await row('reading.tools.invert').getByRole('button').first().click()
    await row('reading.tools.invert').getByText(en('settings.keys.recording')).waitFor()
    await page.keyboard.press('s')
    await expect.poll(() => keysOf('reading.tools.invert'), WAIT).toEqual(['S'])
  })

  it('say when another action has the key, and are taken from it', async () => {
    await add('reading.tools.flip')
    await page.keyboard.press('r')
    const rotate = { action: en('reading.tools.rotateHint'), scope: en('keys.scope.reading') }
    await row('reading.tools.flip')
      .getByText(says('settings.keys.taken', { chord: 'R', ...rotate }))
      .waitFor()
    await add('reading.keys.comment')
    await page.keyboard.press('Control+w')
    await row('reading.keys.comment')
      .getByText(says('settings.keys.refused', { chord: 'Ctrl+W' }))
      .waitFor()
    await add('reading.keys.unsure')
    await page.keyboard.press('F5')
    await row('reading.keys.unsure')
      .getByText(says('settings.keys.elsewhere', { chord: 'F5' }))
      .waitFor()
    await row('reading.tools.flip').scrollIntoViewIfNeeded()
    await checkScreen(page, name, 'settings-keys', ward.folder)
    await row('reading.tools.flip')
      .getByRole('button', { name: en('settings.keys.take') })
      .click()
    await expect.poll(() => keysOf('reading.tools.flip'), WAIT).toEqual(['H', 'R'])
    expect(await keysOf('reading.tools.rotateHint')).toEqual([])
  })

  it('hold in the reading room at once, and in its tooltips', async () => {
    await screen('nav.studies').click()
    await page.getByRole('grid').getByRole('row').nth(2).waitFor()
    await page.getByRole('grid').focus()
    await page.keyboard.press('Enter')
    const invert = page.getByRole('button', { name: en('reading.tools.invert'), exact: true })
    await expect.poll(() => invert.isEnabled(), WAIT).toBe(true)
    expect(await invert.getAttribute('title')).toBe(`${en('reading.tools.invert')} (S)`)
    await page.keyboard.press('i')
    await page.keyboard.press('s')
    await expect.poll(() => invert.getAttribute('aria-pressed'), WAIT).toBe('true')
  })

  it('travel as a file, and come back to their defaults', async () => {
    await screen('nav.settings').click()
    const picker = card().locator('input[type=file]')
    const file = { name: 'mine.json', mimeType: 'application/json' }
    const keysFile = (keys: object) => Buffer.from(JSON.stringify({ kind: 'neogate-keys', keys }))
    await picker.setInputFiles({ ...file, buffer: keysFile({ 'reading.fit': ['Strg+F'] }) })
    await card()
      .getByText(says('settings.keys.fileRefused', { name: 'mine.json' }))
      .waitFor()
    await picker.setInputFiles({ ...file, buffer: keysFile({ 'reading.fit': ['Ctrl+Shift+F'] }) })
    await expect.poll(() => keysOf('reading.tools.fitHint'), WAIT).toEqual(['Ctrl', 'Shift', 'F'])
    expect(await keysOf('reading.tools.invert')).toEqual(['I'])
    await card()
      .getByRole('button', { name: en('action.undo'), exact: true })
      .click()
    await expect.poll(() => keysOf('reading.tools.invert'), WAIT).toEqual(['S'])
    if (name === 'Chromium') {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        card()
          .getByRole('button', { name: en('settings.keys.export') })
          .click()
      ])
      const text = await readFile(await download.path(), 'utf8')
      expect(JSON.parse(text)).toMatchObject({ kind: 'neogate-keys', keys: { 'reading.invert': ['S'] } })
    }
    await card()
      .getByRole('button', { name: en('settings.keys.resetAll') })
      .click()
    await expect.poll(() => keysOf('reading.tools.invert'), WAIT).toEqual(['I'])
  })

  it('speak Korean', async () => {
    await page.getByLabel(en('settings.language')).selectOption('ko')
    await page.getByRole('heading', { name: ko('settings.title'), level: 1 }).waitFor()
    await page.screenshot({ path: join(ward.folder, 'settings-ko.png') })
    expect(await axeViolations(page)).toEqual([])
    await page.getByLabel(ko('settings.language')).selectOption('en')
  })

  it('have thrown nothing', () => expect(ward.shell.problems).toEqual([]))
})
