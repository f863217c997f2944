import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pageSnapshot } from '../support/page-snapshot'
import { openRoutedPage, type RoutedPage } from '../support/routed-page'
import { strings } from '../support/strings'
import { checkScreen } from './check-screen'
import { startChromium } from './shells'
import { openWard, WARD_MS, type Ward } from './ward'

const en = strings('en')

/** What two windows on one project do to each other, and what a blinded reader could learn from the other's work. */
describe('two windows on one film', () => {
  let ward: Ward
  let first: Page
  let second: RoutedPage
  const problems: string[] = []

  beforeAll(async () => {
    ward = await openWard(startChromium, { infants: 8 }, { settings: { autoAdvance: false } })
    first = ward.shell.page
    await first.getByRole('grid').focus()
    await first.keyboard.press('Enter')
    await filmShown(first)
    second = await openRoutedPage(first.context(), first.url())
    for (const page of [first, second.page]) {
      page.setDefaultTimeout(30_000)
      page.on('pageerror', error => problems.push(error.message))
    }
    await filmShown(second.page)
    for (const page of [first, second.page])
      await panel(page, 'field.predicted').getByText(/%/).first().waitFor({ timeout: 120_000 })
  }, WARD_MS)
  afterAll(() => ward?.close())

  const filmShown = (page: Page) =>
    page.waitForFunction(() => performance.getEntriesByName('film-shown').length > 0)
  const panel = (page: Page, key: string) => page.getByRole('region', { name: en(key), exact: true })
  const label = async (page: Page) =>
    (
      await panel(page, 'field.label')
        .getByRole('group')
        .getByRole('button', { pressed: true })
        .allInnerTexts()
    )
      .join()
      .replace(/\s+/g, ' ')
  const film = (page: Page) => page.locator('main canvas').first().getAttribute('aria-label')

  it('puts a change that another window overtook to the reader, and loses neither', async () => {
    const other = second.page
    second.hold()
    await first.keyboard.press('2')
    await expect.poll(() => label(first)).toBe('2 ALS')
    await panel(first, 'field.label')
      .getByText(/^Saved/)
      .waitFor()
    await other.keyboard.press('6')
    await panel(other, 'field.label').getByText(en('reading.save.saving')).waitFor()
    second.release()
    await other.getByText(en('reading.conflict.title')).waitFor()
    const told = await panel(other, 'field.label').getByRole('definition').allInnerTexts()
    expect(told[0]).toMatch(/^ALS \(.+\)$/)
    expect(told[1]).toBe('TTN')
    expect(await label(other)).toBe('2 ALS')
    await checkScreen(other, 'Chromium', 'reading-room-conflict', ward.folder)
    await other.getByRole('button', { name: en('reading.conflict.keepMine') }).click()
    await expect.poll(() => label(first)).toBe('6 TTN')
  })

  it('keeps what could not be saved while the host was out of reach, says so, and saves it by itself', async () => {
    const other = second.page
    const before = await film(other)
    await settled(other)
    second.hold()
    await other.keyboard.press('5')
    await panel(other, 'field.label').getByText(en('reading.save.saving')).waitFor()
    await second.cut()
    await panel(other, 'field.label').getByText(en('errors.codes.CONNECTION_LOST.title')).first().waitFor()
    await panel(other, 'field.label')
      .getByRole('button', { name: en('action.retry') })
      .waitFor()
    expect(
      await panel(other, 'field.label')
        .getByText(/^Saved/)
        .count()
    ).toBe(0)
    // A further change waits for the connection, and is said to.
    await other.keyboard.press('t')
    await other.keyboard.type('cardio')
    await other.keyboard.press('Enter')
    await panel(other, 'tags.title').getByText(en('tags.waits')).waitFor()
    await panel(other, 'field.label').getByText(en('reading.save.offline')).waitFor()
    second.mend()
    await expect.poll(() => label(first)).toBe('5 RDS')
    await panel(first, 'tags.title').getByRole('button', { name: 'Remove: Cardiomegaly' }).waitFor()
    await expect.poll(() => panel(other, 'tags.title').getByText(en('tags.waits')).count()).toBe(0)
    expect(await film(other)).toBe(before)
    await other.keyboard.press('Escape')
  })

  it('tells a blinded reader nothing of what another reader says, anywhere on the page', async () => {
    const blinded = second.page
    // The second window's own list holds but the film that it was opened at.
    await first.keyboard.press('n')
    await expect.poll(() => first.url()).not.toBe(blinded.url())
    await blinded.goto(first.url())
    await expect.poll(() => label(blinded)).not.toBe('')
    await blinded.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    await blinded.keyboard.press('b')
    await panel(blinded, 'field.label').getByText(en('reading.blind.labels')).waitFor()
    await panel(blinded, 'field.predicted').getByText(en('reading.blind.model')).waitFor()
    await blinded.mouse.move(0, 0)
    await settled(blinded)
    const before = await pageSnapshot(blinded)

    await first.getByRole('link', { name: en('nav.settings') }).click()
    const name = first.getByLabel(en('settings.reader'))
    const own = await name.inputValue()
    await name.fill('Dr. Lee')
    await name.press('Enter')
    await first.getByText(`${en('field.reader')}: Dr. Lee`).waitFor()
    await first.getByRole('link', { name: en('nav.reading') }).click()
    await filmShown(first)
    await panel(first, 'field.label').getByRole('group').first().waitFor()
    const key = (await label(first)).startsWith('1') ? '2' : '1'
    await first.keyboard.press(key)
    await expect.poll(() => label(first)).toMatch(new RegExp(`^${key}`))
    await first.keyboard.press('u')
    await first.keyboard.press('t')
    await first.keyboard.type('pneumop')
    await first.keyboard.press('Enter')
    await first.keyboard.press('Escape')
    await first.keyboard.press('c')
    await first.keyboard.type('ground glass, says Lee')
    await first.keyboard.press('Control+Enter')

    // It has reached the window ...
    await expect.poll(() => second.received(), { timeout: 15_000 }).toContain('ground glass, says Lee')
    await settled(blinded)
    // ... and nothing of it the page.
    expect(await pageSnapshot(blinded)).toEqual(before)
    const everything = before.join('\n')
    expect(everything).not.toMatch(/Dr\. Lee|ground glass|\.dcm|images\//)
    expect(await panel(blinded, 'field.predicted').innerText()).not.toMatch(/%|BPD|ALS|RDS|TTN/)
    const strip = blinded.getByRole('navigation', { name: en('reading.strip.label') })
    expect(await strip.innerText()).not.toMatch(/%/)
    expect(await strip.innerText()).not.toContain(en('reading.strip.model'))
    await restoreReader(own)
  })

  it('gives the model away by no key', async () => {
    const blinded = second.page
    const before = await pageSnapshot(blinded)
    for (const key of ['o', 'w', 'o']) await blinded.keyboard.press(key)
    await settled(blinded)
    expect(await pageSnapshot(blinded)).toEqual(before)
  })

  it('goes on in an order that tells nothing, whatever the table was sorted by', async () => {
    const blinded = second.page
    await blinded.getByRole('link', { name: en('nav.studies') }).click()
    const grid = blinded.getByRole('grid')
    await grid.getByRole('row').nth(3).waitFor()
    await blinded.evaluate(() => (location.hash = '#/studies?sort=label'))
    await blinded.getByText(en('studies.blind.sort')).waitFor()
    await settled(blinded)
    await grid.focus()
    await blinded.keyboard.press('Home')
    await blinded.keyboard.press('Enter')
    await blinded.locator('main canvas').first().waitFor()
    const infants: string[] = []
    for (let step = 0; step < 40; step++) {
      await expect.poll(() => film(blinded)).toMatch(/infant/)
      infants.push(/infant (\S+)/.exec((await film(blinded))!)![1]!)
      await blinded.keyboard.press(step < 20 ? 'p' : 'n')
      await blinded.waitForTimeout(40)
    }
    const forward = infants.slice(21)
    expect(forward).toEqual([...forward].sort())
    expect(new Set(forward).size).toBeGreaterThan(2)
    await blinded.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    await blinded.keyboard.press('b')
    await panel(blinded, 'field.predicted').getByText(/%/).first().waitFor({ timeout: 120_000 })
  })

  it('tells a blinded reader no label and no prediction on any other screen, and all of it once that is over', async () => {
    const blinded = second.page
    const classes = /\b(?:BPD|ALS|Atelectasis|Normal|RDS|TTN)\b/
    const grid = blinded.getByRole('grid')
    /** Without the address, which the reader wrote. */
    const seen = async () => {
      await settled(blinded)
      return (await pageSnapshot(blinded)).slice(1).join('\n')
    }
    await blinded.keyboard.press('b')
    await panel(blinded, 'field.predicted').getByText(en('reading.blind.model')).waitFor()
    await blinded.evaluate(() => (location.hash = '#/studies?label=TTN&sort=-confidence'))
    await blinded.getByText(en('blinded.title')).waitFor()
    await blinded.getByText(en('studies.blind.sort')).waitFor()
    await grid.getByRole('row').nth(3).waitFor()
    expect(await seen()).not.toMatch(classes)
    const everyFilm = await grid.getAttribute('aria-rowcount')
    expect(await blinded.locator('[role=columnheader][data-column=predicted]').count()).toBe(0)
    await checkScreen(blinded, 'Chromium', 'studies-blinded', ward.folder)
    for (const screen of ['queues', 'history', 'agreement', 'evaluation']) {
      await blinded.getByRole('link', { name: en(`nav.${screen}`), exact: true }).click()
      await blinded.getByText(en('blinded.screen')).waitFor()
      expect(await seen(), screen).not.toMatch(classes)
    }
    await blinded.getByRole('link', { name: en('nav.history'), exact: true }).click()
    await blinded.getByRole('button', { name: en('blinded.end') }).click()
    await blinded.getByText(en('blinded.title')).waitFor({ state: 'detached' })
    expect(await seen()).toMatch(classes)
    await blinded.getByRole('link', { name: en('nav.studies'), exact: true }).click()
    await blinded.locator('[role=columnheader][data-column=predicted]').waitFor()
    await expect.poll(() => grid.getAttribute('aria-rowcount')).not.toBe(everyFilm)
    expect(await grid.innerText()).toMatch(/TTN/)
  })

  it('ran without an error in the page', () => expect(problems).toEqual([]))

  /** Pictures and answers under way have come. */
  async function settled(page: Page): Promise<void> {
    let last = ''
    await expect
      .poll(
        async () => {
          const now = (await pageSnapshot(page)).join('\n')
          const same = now === last
          last = now
          return same
        },
        { interval: 500, timeout: 20_000 }
      )
      .toBe(true)
  }

  async function restoreReader(name: string): Promise<void> {
    await first.getByRole('link', { name: en('nav.settings') }).click()
    const field = first.getByLabel(en('settings.reader'))
    await field.fill(name)
    await field.press('Enter')
    await first.getByText(`${en('field.reader')}: ${name}`).waitFor()
  }
})
