import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { strings } from '../support/strings'
import { checkScreen } from './check-screen'
import { shells } from './shells'
import { openWard, WARD_MS, type Ward } from './ward'

const STEP_MS = 60_000
/** Six small networks, one epoch each. */
const EXPERIMENT_MS = 300_000
const en = strings('en')

describe.each(shells)('an experiment in %s', (name, start) => {
  let ward: Ward
  let page: Page

  beforeAll(async () => {
    ward = await openWard(start, { infants: 30 })
    page = ward.shell.page
  }, WARD_MS)
  afterAll(() => ward?.close())

  const button = (key: string) => page.getByRole('button', { name: en(key), exact: true })
  const field = (key: string) =>
    page.getByRole('textbox', { name: en(`experiments.new.${key}`), exact: true })

  it('says what is missing, and about how long it takes', async () => {
    await page
      .getByRole('navigation', { name: en('nav.label') })
      .getByRole('link', { name: new RegExp(`^${en('nav.experiments')}`) })
      .click()
    await button('training.data.makeSplit').click()
    await field('seeds').fill('none')
    await page.getByText('A whole number from 1 to 20.').waitFor()
    expect(await button('experiments.new.start').isDisabled()).toBe(true)
    await field('seeds').fill('1')
    await field('epochs').fill('1')
    await field('size').fill('32')
    await page.getByText(/^6 runs on \d+ training films, about/).waitFor()
    await expect.poll(() => button('experiments.new.start').isEnabled(), { timeout: STEP_MS }).toBe(true)
  })

  it(
    'is paused, goes on, and lays out both tables',
    async () => {
      await button('experiments.new.start').click()
      await button('training.run.pause').click()
      await button('action.resume').click()
      await page
        .getByRole('heading', { name: en('experiments.table1.title') })
        .waitFor({ timeout: EXPERIMENT_MS })
      const table = page.getByRole('table').filter({ hasText: en('experiments.table1.paper') })
      expect(await table.getByRole('row').count()).toBe(2 + 6)
      await button('experiments.table2.show').click()
      await page.getByText(en('experiments.table2.paper').replace('{method}', 'ccgn-small')).waitFor()
      await checkScreen(page, name, 'experiment', ward.folder)
    },
    EXPERIMENT_MS + STEP_MS
  )

  it(
    'trains heads alone on what the versions had learnt, and says so',
    async () => {
      await page.getByLabel(en('training.scope.title'), { exact: true }).selectOption('head')
      const begins = (method: string) =>
        page.getByLabel(en('experiments.new.beginsWith').replace('{method}', method), { exact: true })
      for (const method of [
        'se-resnet50-small',
        'cbam-resnet50-small',
        'late-fusion-small',
        'early-fusion-small'
      ]) {
        await begins(method).selectOption({ label: en('experiments.new.leftOut') })
      }
      await field('seeds').fill('1')
      await field('epochs').fill('2')
      await page.getByText(/^2 runs on \d+ training films, about/).waitFor()
      await page.getByRole('heading', { level: 1 }).scrollIntoViewIfNeeded()
      await checkScreen(page, name, 'experiment-heads', ward.folder)
      await button('experiments.new.start').click()
      await page.getByRole('heading', { name: /^Heads \(validation\)/ }).waitFor()
      await page.getByText(/Trained: Head, from .*resnet50-small.*ccgn-small/).waitFor()
      const table = page.getByRole('table').filter({ hasText: en('experiments.table1.paper') })
      await expect.poll(() => table.getByRole('row').count(), { timeout: EXPERIMENT_MS }).toBe(2 + 2)
    },
    EXPERIMENT_MS + STEP_MS
  )

  it('has thrown nothing and broken no rule of its content security policy', () => {
    expect(ward.shell.problems).toEqual([])
  })
})
