import type { Page } from 'playwright-core'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { strings } from '../support/strings'
import { checkScreen } from './check-screen'
import { shells } from './shells'
import { openWard, WARD_MS, type Ward } from './ward'

const STEP_MS = 60_000
/** Films without a prediction get one first, then the controls are fitted. */
const EVALUATION_MS = 240_000
const en = strings('en')

describe.each(shells)('evaluation in %s', (name, start) => {
  let ward: Ward
  let page: Page

  beforeAll(async () => {
    ward = await openWard(start, { infants: 30 })
    page = ward.shell.page
  }, WARD_MS)
  afterAll(() => ward?.close())

  const goTo = (screen: string) =>
    page
      .getByRole('navigation', { name: en('nav.label') })
      .getByRole('link', { name: new RegExp(`^${en(`nav.${screen}`)}`) })
      .click()

  it(
    'evaluates the demo model, and shows every figure',
    async () => {
      await goTo('evaluation')
      await page.getByText(en('evaluation.none')).waitFor()
      await page.getByRole('button', { name: en('evaluation.new.start'), exact: true }).click()
      await page
        .getByRole('heading', { name: en('evaluation.confusion.title') })
        .waitFor({ timeout: EVALUATION_MS })
      for (const heading of ['overall', 'classes', 'curves', 'subgroups', 'controls', 'compare']) {
        await page.getByRole('heading', { name: en(`evaluation.${heading}.title`) }).waitFor()
      }
      await checkScreen(page, name, 'evaluation', ward.folder)
    },
    EVALUATION_MS + STEP_MS
  )

  it('writes a report into the project', async () => {
    await page.getByRole('button', { name: en('report.write'), exact: true }).click()
    const written = page.getByRole('status').filter({ hasText: 'files:' })
    await written.waitFor()
    const path = (await written.innerText()).split('files:')[1]!.trim()
    expect(existsSync(join(path, 'report.pdf'))).toBe(true)
  })

  it('opens the films behind a cell of the confusion matrix', async () => {
    await page.getByRole('button', { name: en('evaluation.confusion.openStudies'), exact: true }).click()
    const cell = page.getByRole('button', { name: /^Labelled \w+, answered \w+: [1-9]\d* films?/ }).first()
    const films = Number(/(\d+) films/.exec((await cell.getAttribute('aria-label'))!)![1])
    await cell.click()
    await page.waitForURL(/#\/studies\?set=/)
    await page
      .getByText(/^Evaluation: label \w+, predicted \w+/)
      .first()
      .waitFor()
    await expect.poll(() => page.getByRole('grid').getAttribute('aria-rowcount')).toBe(String(films + 1))
    await page.goBack()
    await page.getByRole('heading', { name: en('evaluation.confusion.title') }).waitFor()
    await page.getByRole('button', { name: en('evaluation.confusion.openReading'), exact: true }).click()
    await cell.click()
    await page.waitForURL(/#\/reading\/[a-z2-7]{26}/)
  })

  it('has thrown nothing and broken no rule of its content security policy', () => {
    expect(ward.shell.problems).toEqual([])
  })
})
