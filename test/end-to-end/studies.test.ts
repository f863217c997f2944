import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ElectronApplication, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { strings } from '../support/strings'
import { checkScreen } from './check-screen'
import { shells } from './shells'
import { openWard, WARD_MS, type Ward } from './ward'

const STEP_MS = 30_000
const en = strings('en')

describe.each(shells)('Studies by keyboard alone in %s', (name, start) => {
  let ward: Ward
  let page: Page

  beforeAll(async () => {
    ward = await openWard(start, { infants: 8 })
    page = ward.shell.page
  }, WARD_MS)
  afterAll(() => ward?.close())

  const grid = () => page.getByRole('grid')
  const rows = () => grid().getByRole('row')
  const total = async () => Number(await grid().getAttribute('aria-rowcount')) - 1
  const chips = () => page.getByRole('group', { name: en('studies.chip.label') }).getByRole('button')
  const chosen = () => grid().getByRole('row', { selected: true }).count()
  const panel = (key: string) => page.getByRole('region', { name: en(key) })
  const check = (picture: string) => checkScreen(page, name, picture, ward.folder)
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key)
  }
  const labels = (diagnosis: string) => grid().getByText(diagnosis, { exact: true }).count()
  const address = () => page.evaluate(() => window.location.hash)

  it('narrows the table; the address holds what narrows it, back and forward', async () => {
    const all = await total()
    // The first filter is the label; its first value is two stops on.
    await press('f', 'Tab', 'Space')
    await expect.poll(() => chips().count()).toBe(2)
    expect(await address()).toContain('label=')
    await expect.poll(total).toBeLessThan(all)
    const narrowed = await total()
    await page.evaluate(() => window.history.back())
    await expect.poll(total).toBe(all)
    expect(await chips().count()).toBe(0)
    await page.evaluate(() => window.history.forward())
    await expect.poll(total).toBe(narrowed)

    const link = await page.evaluate(() => window.location.href)
    await press('Escape')
    await page.evaluate(() => window.history.back())
    await expect.poll(total).toBe(all)
    await press('/')
    await page.keyboard.insertText(link)
    await expect.poll(total).toBe(narrowed)
    await press('Escape', 'l')
    await page.evaluate(() => window.history.back())
    await expect.poll(total).toBe(all)
  })

  it('chooses films, shows what would change and what not, changes them and takes it all back', async () => {
    await grid().focus()
    const before = await labels('BPD')
    await press('Home', 'Space', 'ArrowDown', 'ArrowDown')
    await press('Shift+ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowUp')
    await expect.poll(chosen).toBe(4)
    await press('Control+a')
    await expect
      .poll(() => page.getByRole('group', { name: en('studies.selection.label') }).innerText())
      .toContain(`${await total()} films chosen`)
    await press('Escape')
    await expect.poll(chosen).toBe(0)

    await press('Home')
    for (let film = 0; film < 5; film++) await press('Shift+ArrowDown')
    await press('b')
    const bulk = panel('studies.bulk.title')
    const wanted = bulk.getByLabel(en('field.label'))
    await wanted.selectOption('BPD')
    const apply = bulk.getByRole('button', { name: /^Change \d/ })
    await apply.waitFor()
    await expect.poll(() => bulk.getByRole('row').count()).toBe(6)
    await check('studies-bulk')
    const changes = Number(/\d+/.exec(await apply.innerText()))
    await wanted.focus()
    await press('Tab', 'Enter')
    await bulk.getByText(/One undo takes/).waitFor()
    await expect.poll(() => labels('BPD')).toBe(before + changes)
    // The focus stands on Undo, which then closes the panel.
    await press('Enter')
    await expect.poll(() => labels('BPD')).toBe(before)
    await press('Control+Shift+Z')
    await expect.poll(() => labels('BPD')).toBe(before + changes)
    await press('Control+z')
    await expect.poll(() => labels('BPD')).toBe(before)
    expect(await panel('studies.bulk.title').count()).toBe(0)
  })

  it('lays out columns by keys, and keeps them over a reload', async () => {
    const heading = (key: string) =>
      page.getByRole('columnheader', { name: new RegExp(`^${en(`studies.column.${key}`)}$`) })
    const width = async (key: string) => Math.round((await heading(key).boundingBox())!.width)
    await press('h')
    await press('ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowRight')
    const before = await width('filmTime')
    await press('Shift+ArrowRight', 'Shift+ArrowRight', 'Control+ArrowRight', 'Enter')
    await expect.poll(() => width('filmTime')).toBe(before + 16)
    expect(await heading('filmTime').getAttribute('aria-sort')).toBe('ascending')
    expect(await address()).toContain('sort=filmTime')
    await press('ArrowDown', 'k')
    const columns = panel('studies.columns.title')
    await columns.getByRole('checkbox', { name: en('studies.column.labelledBy') }).waitFor()
    await page.getByRole('checkbox', { name: en('studies.column.path') }).focus()
    await press('Space')
    await expect.poll(() => heading('path').count()).toBe(0)
    await check('studies-columns')
    await press('Escape')
    // The layout is saved a moment after the last change.
    await page.waitForTimeout(800)
    await page.reload()
    await rows().nth(3).waitFor()
    expect(await width('filmTime')).toBe(before + 16)
    expect(await heading('path').count()).toBe(0)
    const order = await page.getByRole('columnheader').allInnerTexts()
    const at = (key: string) => order.findIndex(text => text.trim() === en(`studies.column.${key}`))
    expect(at('ageHours')).toBeLessThan(at('filmTime'))
  })

  it('saves a view, deletes it, brings it back, and opens with it', async () => {
    await press('v')
    const views = panel('studies.views.title')
    await views.getByLabel(en('studies.views.name')).waitFor()
    await page.keyboard.type('By time')
    await press('Enter')
    const view = views.getByRole('button', { name: /^By time/ })
    await view.waitFor()
    await views.getByRole('button', { name: en('studies.views.remove') }).focus()
    await press('Enter')
    await views.getByText(en('studies.views.none')).waitFor()
    await views.getByRole('button', { name: en('action.undo') }).focus()
    await press('Enter')
    await views.getByRole('button', { name: en('studies.views.makeDefault') }).focus()
    await press('Enter')
    await views.getByText(en('studies.views.default'), { exact: true }).waitFor()
    await check('studies-views')
    await press('Escape')
    await page.evaluate(() => (window.location.hash = '#/settings'))
    await page.getByRole('heading', { name: en('settings.title'), level: 1 }).waitFor()
    await page.reload()
    await page
      .getByRole('navigation')
      .getByRole('link', { name: new RegExp(`^${en('nav.studies')}`) })
      .focus()
    await press('Enter')
    await expect.poll(address).toContain('sort=filmTime')
  })

  it('exports the table as it is shown', async () => {
    const file = join(ward.folder, 'table.csv')
    const saved = await takeDownload(file)
    await grid().focus()
    await press('x')
    await saved()
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\r\n')
    expect(lines).toHaveLength((await total()) + 1)
    const head = lines[0]!.replace('\ufeff', '').split(',')
    expect(head[0]).toBe('filmId')
    expect(head).not.toContain('path')
    expect(head.indexOf('ageHours')).toBeLessThan(head.indexOf('filmTime'))
    expect(lines.every((line, i) => i === 0 || line.endsWith(en('app.research')))).toBe(true)
  })

  it('ran without an error in the page', () => expect(ward.shell.problems).toEqual([]))

  /** Has the next download written to a file; the answer waits for it. In Electron a dialog would ask for the place. */
  async function takeDownload(file: string): Promise<() => Promise<unknown>> {
    if ('app' in ward.shell) {
      await (ward.shell.app as ElectronApplication).evaluate(({ session }, path) => {
        session.defaultSession.once('will-download', (_event, item) => item.setSavePath(path))
      }, file)
      return () =>
        expect.poll(() => readFile(file, 'utf8').catch(() => ''), { timeout: STEP_MS }).not.toBe('')
    }
    const download = page.waitForEvent('download')
    return async () => (await download).saveAs(file)
  }
})
