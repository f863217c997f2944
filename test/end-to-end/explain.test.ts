import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { strings } from '../support/strings'
import { checkScreen } from './check-screen'
import { shells } from './shells'
import { openWard, WARD_MS, type Ward } from './ward'

const en = strings('en')

describe.each(shells)('explanations in %s', (name, start) => {
  let ward: Ward
  let page: Page
  const check = (picture: string) => checkScreen(page, name, picture, ward.folder)
  const tab = (key: string) => page.getByRole('tab', { name: en(`explain.tab.${key}`), exact: true })
  const panel = (key: string) => page.getByRole('region', { name: en(key), exact: true })

  beforeAll(async () => {
    ward = await openWard(start, { infants: 42, seed: 5 })
    page = ward.shell.page
    await page.getByRole('grid').focus()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: new RegExp(en('explain.key')) }).waitFor()
  }, WARD_MS)
  afterAll(() => ward?.close())

  it('explains by the gate: maps under three gates, and the channels with where they respond', async () => {
    await page.keyboard.press('e')
    const maps = panel('explain.maps.title')
    await maps.getByRole('img').nth(2).waitFor()
    expect(await maps.getByRole('img').count()).toBe(3)
    const gate = panel('explain.gate.title')
    await gate
      .getByRole('img', { name: /^Channel \d+$/ })
      .nth(15)
      .waitFor()
    await gate.getByLabel(en('explain.gate.by.effect')).check()
    await gate.getByRole('heading', { name: en('explain.gate.towards') }).waitFor()
    await gate.getByLabel(en('explain.gate.by.gate')).check()
    await gate.getByRole('heading', { name: en('explain.gate.amplified') }).waitFor()
    await check('explain-gate')
  })

  it('answers over GA and BW as a hand moves, and names the smallest change', async () => {
    await tab('gate').focus()
    await page.keyboard.press('ArrowRight')
    const surface = panel('explain.surface.title')
    const chart = surface.getByRole('img')
    await chart.waitFor()
    const bars = () => surface.getByRole('list').first().innerText()
    const before = await bars()
    const box = (await chart.boundingBox())!
    await page.mouse.move(box.x + box.width * 0.3, box.y + box.height * 0.85)
    await page.mouse.move(box.x + box.width * 0.9, box.y + box.height * 0.2)
    await expect.poll(bars).not.toBe(before)
    const slider = surface.getByRole('slider').first()
    await slider.focus()
    await page.keyboard.press('Escape')
    await expect.poll(bars).toBe(before)
    await page.keyboard.press('Home')
    await page.keyboard.press('Escape')
    expect(await surface.getByRole('table').getByRole('row').count()).toBe(5)
    await check('explain-surface')
  })

  it('finds the nearest films, under the gate and without, and opens one', async () => {
    await tab('nearest').click()
    const nearest = panel('explain.nearest.title')
    await nearest.getByRole('listitem').nth(11).waitFor()
    await nearest.getByLabel(en('explain.nearest.pooled')).check()
    await nearest.getByRole('listitem').nth(11).waitFor()
    await nearest.getByLabel(en('explain.nearest.gated')).check()
    await nearest.getByRole('listitem').nth(11).waitFor()
    await expect
      .poll(() =>
        nearest
          .locator('img')
          .evaluateAll(all => all.every(image => (image as HTMLImageElement).naturalWidth > 0))
      )
      .toBe(true)
    await check('explain-nearest')
  })

  it('fits an ensemble and says how sure, checks the map, and follows the infant', async () => {
    await tab('uncertainty').click()
    const uncertainty = panel('explain.uncertainty.title')
    await uncertainty.getByRole('button').first().waitFor()
    if ((await uncertainty.getByRole('table').count()) === 0)
      await uncertainty.getByRole('button').first().click()
    await uncertainty.getByRole('table').nth(1).waitFor({ timeout: 60_000 })
    await check('explain-uncertainty')

    await tab('check').click()
    const checked = panel('explain.check.title')
    await checked.getByRole('button', { name: en('explain.check.cover') }).click()
    await checked.getByRole('button', { name: en('explain.check.cover') }).waitFor({ state: 'detached' })
    await checked.getByRole('img', { name: en('explain.check.occlusion') }).waitFor()
    await expect.poll(() => checked.getByText(/rank correlation with the map/).count()).toBe(2)
    await check('explain-check')

    await tab('course').click()
    await panel('explain.course.title').getByRole('table').waitFor()
    await check('explain-course')
  })

  it('tells nothing to a blinded reader, and leads back to the film', async () => {
    await page.keyboard.press('Escape')
    await page.locator('main canvas').first().waitFor()
    await page.keyboard.press('b')
    await page.getByText(en('reading.blind.model'), { exact: true }).waitFor()
    await page.keyboard.press('e')
    expect(await page.getByRole('tab').count()).toBe(0)
    await page.evaluate(() => (location.hash = location.hash.replace('reading', 'explain')))
    await page.getByText(en('explain.hidden')).waitFor()
    expect(await page.getByRole('tab').count()).toBe(0)
    await page.keyboard.press('Escape')
    await page.locator('main canvas').first().waitFor()
    await page.keyboard.press('b')
    await page.getByRole('button', { name: new RegExp(en('explain.key')) }).waitFor()
  })

  it('ran without an error in the page', () => expect(ward.shell.problems).toEqual([]))
})
