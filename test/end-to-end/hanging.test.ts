import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { strings } from '../support/strings'
import { checkScreen } from './check-screen'
import { shells } from './shells'
import { openWard, WARD_MS, type Ward } from './ward'

const en = strings('en')
const until = <Value>(read: () => Value | Promise<Value>) => expect.poll(read, { timeout: 15_000 })

/** From the list onwards by keyboard alone, as a reader who compares an infant's films. */
describe.each(shells)('hanging in %s', (name, start) => {
  let ward: Ward
  let page: Page

  beforeAll(async () => {
    ward = await openWard(start, { infants: 8 })
    page = ward.shell.page
    await page.getByRole('grid').focus()
    await page.keyboard.press('Enter')
    await shown()
  }, WARD_MS)
  afterAll(() => ward?.close())

  const canvases = () => page.locator('main canvas[role=img]')
  const titles = () => canvases().evaluateAll(all => all.map(each => each.getAttribute('aria-label') ?? ''))
  const shown = () => page.locator('main canvas[role=img]:not([aria-label=""])').first().waitFor()
  const cards = () => page.getByRole('navigation', { name: en('reading.strip.label') }).getByRole('button')
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key)
  }
  const notices = () => page.getByRole('log', { name: en('app.notices') }).innerText()
  /** Zoom of a pane, in percent, as its corner says it. */
  const zoom = async (pane: number) =>
    Number.parseFloat((await page.locator('.notes .bottom.left').nth(pane).innerText()).split('\n').at(-1)!)
  const banner = () => page.locator('.banner')
  const infantOf = (title: string) => title.replace(/^.* infant /, '')

  /** Goes to the first infant with at least this many films, and to the place-th of them. */
  async function findInfant(films: number, place: number): Promise<void> {
    for (let infants = 0; infants < 10 && (await cards().count()) < films; infants++) {
      const [before] = await titles()
      await press('Control+ArrowDown')
      await until(async () => (await titles())[0]).not.toBe(before)
      await cards().first().waitFor()
    }
    expect(await cards().count()).toBeGreaterThanOrEqual(films)
    for (let step = 1; step < place; step++) {
      const [before] = await titles()
      await press(']')
      await until(async () => (await titles())[0]).not.toBe(before)
    }
  }

  it('says that a first film has no prior, and hangs nothing', async () => {
    await findInfant(3, 1)
    await press('v')
    await until(notices).toContain(en('reading.prior.none'))
    expect(await canvases().count()).toBe(1)
  })

  it('hangs the prior beside with V, and zooms both', async () => {
    const [first] = await titles()
    await press(']', 'v')
    await until(() => canvases().count()).toBe(2)
    await until(async () => (await titles())[1]).toBe(first)
    await until(() => page.locator('.notes').count()).toBe(2)
    const before = [await zoom(0), await zoom(1)]
    await press('+', '+', '+')
    await until(() => zoom(0)).toBeGreaterThan(before[0]! * 1.5)
    await until(() => zoom(1)).toBeGreaterThan(before[1]! * 1.4)
    await press('l', '+')
    const kept = await zoom(1)
    await until(() => zoom(0)).toBeGreaterThan(before[0]! * 1.9)
    expect(await zoom(1)).toBe(kept)
    await press('l')
    await until(() => zoom(1)).toBeGreaterThan(kept)
    await press('f')
    await until(() => zoom(1)).toBe(before[1])
  })

  it('links the window by preset, from whichever pane is active', async () => {
    const pressed = (key: string) =>
      page.getByRole('button', { name: en(key), exact: true }).getAttribute('aria-pressed')
    await press('a', 'Shift+3')
    await until(() => pressed('reading.preset.lung.name')).toBe('true')
    await press('a')
    await until(() => pressed('reading.preset.lung.name')).toBe('false')
    await press('Shift+L', 'Shift+3', 'a')
    await until(() => pressed('reading.preset.lung.name')).toBe('true')
    await press('Shift+2', 'a')
    await until(() => pressed('reading.preset.auto.name')).toBe('true')
    await checkScreen(page, name, 'reading-room-prior', ward.folder)
    await press('Shift+L', 'v')
    await until(() => canvases().count()).toBe(1)
  })

  it('swaps with the prior in place, aligned, and says which is shown', async () => {
    const [read] = await titles()
    expect(await banner().count()).toBe(0)
    await press('q')
    await banner().getByText(/PRIOR/).waitFor()
    await banner().getByText(en('reading.flicker.aligned.pictures')).waitFor()
    expect((await titles())[0]).not.toBe(read)
    const turned = () => page.locator('.notes').first().innerText()
    await press('d', 'ArrowRight', 'Shift+ArrowDown', '+')
    await banner().getByText(en('reading.flicker.aligned.hand')).waitFor()
    const before = await turned()
    await press('Shift+R', 'Shift+R', 'Shift+R', 'Shift+R')
    await until(turned).not.toBe(before)
    await press('Shift+E', 'Shift+E', 'Shift+E', 'Shift+E')
    await until(turned).toBe(before)
    await checkScreen(page, name, 'reading-room-flicker', ward.folder)
    await press('d', 'q')
    await until(async () => (await titles())[0]).toBe(read)
    expect(await banner().count()).toBe(0)
    await press('q')
    await banner().getByText(en('reading.flicker.aligned.hand')).waitFor()
    await press('Shift+Q')
    const seen = new Set<string>()
    await until(async () => seen.add((await titles())[0]!).size).toBe(2)
    await press('Escape')
    await until(() => banner().count()).toBe(0)
    expect((await titles())[0]).toBe(read)
  })

  it('shows the prior as long as the key is held, and never swaps by itself for who asks for calm', async () => {
    await page.keyboard.down('q')
    await banner().getByText(/PRIOR/).waitFor()
    await page.waitForTimeout(500)
    await page.keyboard.up('q')
    await until(() => banner().count()).toBe(0)
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await press('Shift+Q')
    await until(notices).toContain(en('reading.flicker.reducedMotion'))
    expect(await banner().count()).toBe(0)
    await page.emulateMedia({ reducedMotion: null })
  })

  it('shows four films, chosen for a pane from the strip, and reads another', async () => {
    await press('Shift+V', 'Shift+V')
    await until(() => canvases().count()).toBe(4)
    const [read, beside] = await titles()
    await until(async () => (await page.locator('.notes').count()) > 2).toBe(true)
    await checkScreen(page, name, 'reading-room-2x2', ward.folder)
    await press('a', ']')
    await until(async () => (await titles())[1]).not.toBe(beside)
    expect((await titles())[0]).toBe(read)
    const chosen = (await titles())[1]
    await press('Shift+Enter')
    await until(async () => (await titles()).slice(0, 2)).toEqual([chosen, read])
  })

  it('goes to the next infant and back without the list', async () => {
    const before = infantOf((await titles())[0]!)
    await press('Control+ArrowDown')
    await until(async () => infantOf((await titles())[0]!)).not.toBe(before)
    expect(await canvases().count()).toBe(4)
    await press('Control+ArrowUp')
    await until(async () => infantOf((await titles())[0]!)).toBe(before)
    await press('v')
    await until(() => canvases().count()).toBe(1)
  })

  it('tells a blinded reader nothing of the model or of others beside the film', async () => {
    const strip = page.getByRole('navigation', { name: en('reading.strip.label') })
    await until(() => strip.innerText()).toContain(en('reading.strip.model'))
    await press('b')
    await until(() => strip.innerText()).not.toContain(en('reading.strip.model'))
    await press('Shift+V', 'Shift+V')
    await until(() => canvases().count()).toBe(4)
    const said = await page.locator('main').innerText()
    for (const telling of [/\d+\s?%\s*(?:RDS|TTN)/, /(?:RDS|TTN)\s*\d+\s?%/])
      expect(said).not.toMatch(telling)
    expect(await strip.locator('.course').count()).toBe(0)
    await press('b')
    await until(() => strip.locator('.course').count()).toBe(1)
  })

  it('ran without an error in the page', () => expect(ward.shell.problems).toEqual([]))
})
