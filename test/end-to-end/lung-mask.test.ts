import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../support/built'
import { strings } from '../support/strings'
import { checkScreen } from './check-screen'
import { shells } from './shells'
import { openWard, WARD_MS, type Ward } from './ward'

const SEVERAL = 'window-several.dcm'
const en = strings('en')

describe.each(shells)('lungs, windows and pixels in %s', (name, start) => {
  let ward: Ward
  let page: Page

  beforeAll(async () => {
    ward = await openWard(start, { infants: 8 }, { films: [join(root, 'test/golden/pixels/films', SEVERAL)] })
    page = ward.shell.page
    await read(0)
  }, WARD_MS)
  afterAll(() => ward?.close())

  /** Opens a film of the table, counted from its top. */
  async function read(place: number): Promise<void> {
    await page.getByRole('grid').getByRole('row').nth(1).waitFor()
    await page.getByRole('grid').focus()
    await page.keyboard.press('Home')
    for (let step = 0; step < place; step++) await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.locator('.notes').first().waitFor()
  }
  const windowNote = () => page.locator('.notes .bottom.left').first().innerText()
  const outlines = () =>
    page.locator('svg.lungs polygon').evaluateAll(all => all.map(each => each.getAttribute('points') ?? ''))
  const pressed = (button: string) =>
    page.getByRole('button', { name: button, exact: true }).getAttribute('aria-pressed')

  it('outlines both lungs over the film, and the outlines turn with it', async () => {
    await page.keyboard.press('k')
    await expect.poll(async () => (await outlines()).length).toBe(2)
    const legend = page.getByRole('region', { name: en('lungs.legend') })
    expect(await legend.innerText()).toContain('%')
    const before = await outlines()
    const middles = before.map(points => {
      const xs = points.split(' ').map(point => Number(point.split(',')[0]))
      return xs.reduce((sum, x) => sum + x, 0) / xs.length
    })
    expect(middles[0]).toBeLessThan(middles[1]!)
    await page.keyboard.press('h')
    await expect.poll(outlines).not.toEqual(before)
    await page.keyboard.press('h')
    await expect.poll(outlines).toEqual(before)
    const strength = () => page.locator('svg.lungs').evaluate(svg => svg.style.fillOpacity)
    const weak = await strength()
    await legend.getByRole('slider').focus()
    await page.keyboard.press('End')
    await expect.poll(strength).not.toBe(weak)
    expect(await outlines()).toEqual(before)
    await page.keyboard.press('Home')
    for (let step = 0; step < 8; step++) await page.keyboard.press('ArrowRight')
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  })

  it('sets windows by the lungs and says so', async () => {
    await page.keyboard.press('Shift+3')
    await expect.poll(windowNote).toContain(en('lungs.basis.lungs'))
    const lung = await windowNote()
    await page.keyboard.press('Shift+1')
    await expect.poll(windowNote).not.toContain(en('lungs.basis.lungs'))
    await page.keyboard.press('0')
    await expect.poll(windowNote).toContain(en('lungs.basis.lungs'))
    expect(await windowNote()).not.toBe(lung)
  })

  it('tells the pixel under the pointer without moving anything, and shows pixels as squares', async () => {
    const box = (await page.locator('main canvas[role=img]').first().boundingBox())!
    const corner = () => page.locator('.notes .bottom.right').first().boundingBox()
    const before = await corner()
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
    const note = page.locator('.pixel').first()
    await expect
      .poll(() => note.innerText(), { timeout: 10_000 })
      .toMatch(/^x \d+, y \d+(?: · [\d.]+, [\d.]+ mm)?\n\d+/)
    expect(await corner()).toEqual(before)
    await page.keyboard.press('y')
    await expect.poll(() => pressed(en('reading.tools.nearest'))).toBe('true')
    await page.keyboard.press('y')
    await checkScreen(page, name, 'reading-room-lung-mask', ward.folder)
    await page.keyboard.press('k')
    await expect.poll(async () => (await outlines()).length).toBe(0)
  })

  it("chooses among a file's own windows by name", async () => {
    await page.getByRole('link', { name: en('nav.studies') }).click()
    await page.getByRole('textbox', { name: en('studies.search') }).fill(SEVERAL)
    await expect.poll(() => page.getByRole('grid').getByRole('row').count()).toBeLessThan(4)
    await read(0)
    const chooser = page.getByRole('combobox', { name: en('reading.sent.label') })
    await chooser.waitFor()
    const first = await windowNote()
    await chooser.focus()
    await page.keyboard.press('ArrowDown')
    await expect.poll(windowNote).not.toBe(first)
    await page.keyboard.press('k')
    await page.getByText(en('lungs.none')).waitFor()
  })

  it('ran without an error in the page', () => expect(ward.shell.problems).toEqual([]))
})
