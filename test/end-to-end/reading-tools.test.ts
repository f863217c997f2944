import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { strings } from '../support/strings'
import { checkScreen } from './check-screen'
import { startChromium } from './shells'
import { openWard, WARD_MS, type Ward } from './ward'

const en = strings('en')

describe('tools of the Reading room', () => {
  let ward: Ward
  let page: Page

  beforeAll(async () => {
    ward = await openWard(startChromium, { infants: 8 })
    page = ward.shell.page
    await page.getByRole('grid').focus()
    await page.keyboard.press('Enter')
    await page.locator('main canvas').first().waitFor()
    await page.waitForFunction(() => performance.getEntriesByName('film-shown').length > 0)
  }, WARD_MS)
  afterAll(() => ward?.close())

  /** Page coordinates of a place of the first film's canvas, in shares of its sides. */
  async function at(x: number, y: number): Promise<[number, number]> {
    const box = (await page.locator('main canvas').first().boundingBox())!
    return [box.x + box.width * x, box.y + box.height * y]
  }
  async function drag(from: [number, number], to: [number, number]): Promise<void> {
    await page.mouse.move(...(await at(...from)))
    await page.mouse.down()
    await page.mouse.move(...(await at(...to)), { steps: 5 })
    await page.mouse.up()
  }
  const list = () => page.getByRole('region', { name: en('measure.list') })
  const drawn = () => list().getByRole('listitem')
  const texts = async () =>
    (await page.locator('svg.layer text').allTextContents()).map(text => text.replace(/\s+/g, ' ').trim())
  const unpress = () => page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())

  it('measures a length by one drag, moves it with the film, and keeps it over a reload', async () => {
    await page.keyboard.press('m')
    await list().getByText(en('measure.tool.length.how')).waitFor()
    await drag([0.4, 0.5], [0.6, 0.5])
    await expect.poll(() => drawn().count()).toBe(1)
    const [length] = await texts()
    expect(length).toMatch(/^[\d.,]+ (?:mm|px)/)
    const place = () => page.locator('svg.layer .line').first().getAttribute('d')
    const before = await place()
    await page.keyboard.press('r')
    await expect.poll(place).not.toBe(before)
    await page.keyboard.press('h')
    await page.keyboard.press('i')
    expect(await texts()).toEqual([length])
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await expect.poll(place).toBe(before)
    await page.reload()
    await expect.poll(() => texts()).toEqual([length])
  })

  it('moves a handle by arrow keys, and takes that back as one change', async () => {
    const [before] = await texts()
    await page.keyboard.press('j')
    for (let press = 0; press < 5; press++) await page.keyboard.press('ArrowRight')
    await expect.poll(async () => (await texts())[0]).not.toBe(before)
    // Until it is saved there is nothing to take back.
    await page.waitForTimeout(1200)
    await page.keyboard.press('Control+z')
    await expect.poll(async () => (await texts())[0]).toBe(before)
    await page.keyboard.press('Escape')
  })

  it('measures angles and regions, and says what the pixels inside are', async () => {
    for (let press = 0; press < 2; press++) await page.keyboard.press('m')
    for (const place of [
      [0.45, 0.3],
      [0.5, 0.4],
      [0.55, 0.3]
    ] as const) {
      await page.mouse.move(...(await at(place[0], place[1])))
      await page.mouse.down()
      await page.mouse.up()
    }
    await expect.poll(() => drawn().count()).toBe(2)
    expect((await texts())[1]).toMatch(/°$/)
    for (let press = 0; press < 3; press++) await page.keyboard.press('m')
    await drag([0.42, 0.55], [0.5, 0.7])
    await expect.poll(() => drawn().count()).toBe(3)
    expect((await texts())[2]).toMatch(
      new RegExp(`${en('measure.mean')} [\\d.,]+ · ${en('measure.sd')} [\\d.,]+`)
    )
    await checkScreen(page, 'Chromium', 'reading-room-measuring', ward.folder)
  })

  it('hides what is drawn with everything else, and magnifies under the pointer', async () => {
    await unpress()
    await page.keyboard.press('Space')
    await expect.poll(() => page.locator('svg.layer').count()).toBe(0)
    await page.keyboard.press('Space')
    await expect.poll(() => drawn().count()).toBe(3)
    await page.keyboard.press('z')
    await page.mouse.move(...(await at(0.5, 0.5)))
    await page.locator('canvas.glass').waitFor()
    await page.keyboard.press('z')
    await expect.poll(() => page.locator('canvas.glass').count()).toBe(0)
  })

  it('takes away what is chosen, and a label only where nothing is', async () => {
    const label = page.getByRole('region', { name: en('field.label') }).getByRole('group')
    const pressed = async () => (await label.getByRole('button', { pressed: true }).allInnerTexts()).join()
    const before = await pressed()
    await page.keyboard.press('j')
    await page.keyboard.press('Delete')
    await expect.poll(() => drawn().count()).toBe(2)
    expect(await pressed()).toBe(before)
    await page.keyboard.press('Control+z')
    await expect.poll(() => drawn().count()).toBe(3)
  })

  it('ran without an error in the page', () => expect(ward.shell.problems).toEqual([]))
})
